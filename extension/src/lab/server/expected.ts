// TEMPORARY until the models are in schema/rest
import type { Card } from "../../gen/rest.js";
export interface TrashedPiece { readonly id: string; readonly kind: string; readonly name: string; readonly trashedAt: string; readonly goneAt: string }
export interface Trash { readonly pieces: readonly TrashedPiece[]; readonly samples: readonly TrashedPiece[] }
export interface CardList { readonly results: readonly Card[]; readonly total: number; readonly hasMore: boolean; readonly next: string | null }
