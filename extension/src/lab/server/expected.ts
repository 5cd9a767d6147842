// TEMPORARY until the models are in schema/rest
import type { Flags, Person, Card } from "../../gen/rest.js";
export interface Member extends Flags {
  readonly projectId: string; readonly userId: string; readonly username: string;
  readonly displayName: string; readonly avatarUrl: string | null; readonly role: string;
  readonly joinedAt: string; readonly lastActiveAt: string; readonly rev: number;
}
export interface MemberList { readonly collaborators: readonly Member[] }
export interface Invite { readonly id: string; readonly role: string; readonly username: string | null; readonly expiresAt: string | null; readonly createdAt: string }
export interface MadeInvite extends Invite { readonly inviteUrl: string; readonly inviteToken: string }
export interface InviteList { readonly invites: readonly Invite[] }
export interface Share { readonly id: string; readonly rights: readonly string[]; readonly createdAt: string; readonly expiresAt: string | null; readonly lastUsedAt: string | null; readonly uses: number; readonly revokedAt: string | null }
export interface ShareList { readonly shares: readonly Share[] }
export interface MadeShare { readonly id: string; readonly shareUrl: string; readonly shareToken: string; readonly expiresAt: string | null; readonly rights: readonly string[] }
export interface Sample { readonly id: string; readonly name: string; readonly class: string; readonly fileUrl: string; readonly fileSize: number; readonly mimeType: string; readonly duration: number; readonly channels: number; readonly sampleRate: number; readonly blob: string; readonly peaksUrl: string; readonly rev: number; readonly createdAt: string }
export interface SampleList { readonly samples: readonly Sample[]; readonly total: number; readonly hasMore: boolean; readonly next: string | null; readonly totalSize: number; readonly quota: number }
export interface Peaks { readonly perSecond: number; readonly low: readonly number[]; readonly high: readonly number[] }
export interface Notification { readonly id: string; readonly kind: string; readonly pieceId: string | null; readonly actor: Person | null; readonly words: string; readonly createdAt: string; readonly readAt: string | null }
export interface NotificationList { readonly notifications: readonly Notification[]; readonly unread: number; readonly next: string | null }
export interface Amount { readonly used: number; readonly quota: number }
export interface Usage { readonly samples: Amount; readonly recordings: Amount; readonly originals: Amount; readonly loops: Amount; readonly songs: Amount }
export interface TrashedPiece { readonly id: string; readonly kind: string; readonly name: string; readonly trashedAt: string; readonly goneAt: string }
export interface Trash { readonly pieces: readonly TrashedPiece[]; readonly samples: readonly TrashedPiece[] }
export interface CardList { readonly results: readonly Card[]; readonly total: number; readonly hasMore: boolean; readonly next: string | null }
export interface Upload { readonly id: string; readonly chunkSize: number; readonly received: number }
export interface Job { readonly id: string; readonly state: string; readonly progress: number; readonly result: Readonly<Record<string, unknown>> | null; readonly error: unknown }
