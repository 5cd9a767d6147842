// A replica in the browser's library: reads a document from standard input as base64, edits it as
// pages do, and prints each update and the whole document as base64, one a line.
import { readFileSync } from 'node:fs';
import * as Y from 'yjs';

const doc = new Y.Doc();
Y.applyUpdate(doc, Buffer.from(readFileSync(0, 'utf8'), 'base64'), 'server');
const print = update => console.log(Buffer.from(update).toString('base64'));
doc.on('update', (update, origin) => {
  if (origin !== 'server') print(update);
});

const loops = doc.getMap('loops');
const undo = new Y.UndoManager([loops, doc.getMap('stems'), doc.getMap('song')], {
  captureTimeout: 0
});
const edit = change => doc.transact(change, 'page');
undo.trackedOrigins.add('page');

edit(() => loops.get('a').get('steps').set('kick/4', [90, 60.5, 480, 0.5, -12]));
edit(() => loops.get('a').get('steps').set('kick/4', [100]));
edit(() => loops.get('a').get('steps').set('hat/2', [90, null, 120]));
edit(() => loops.get('a').get('settings').set('kick.amp.mute', true));
edit(() => loops.get('a').get('steps').delete('kick/4'));
edit(() => doc.getMap('song').set('name', 'Größe 🎵'));
edit(() => {
  const stem = new Y.Map([['name', 'New'], ['color', '#5b8def'], ['order', 'X'], ['channel', 3]]);
  stem.set('settings', new Y.Map([['amp.level', 0.25]]));
  for (const inner of ['sends', 'lanes']) stem.set(inner, new Y.Map());
  doc.getMap('stems').set('new', stem);
});
edit(() => doc.getMap('stems').delete('new'));
undo.undo();
undo.undo();
undo.redo();
undo.undo();
undo.undo();
undo.redo();
edit(() => doc.getMap('tempo').set('960', [97.5, 'ramp']));
print(Y.encodeStateAsUpdate(doc));
