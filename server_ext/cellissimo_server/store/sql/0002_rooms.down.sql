DROP TABLE messages;
DROP TABLE comments;
DROP TABLE taken;
DROP TABLE signing_keys;
