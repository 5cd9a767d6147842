// TEMPORARY until the models are in schema/rest
import type { Card } from "../../gen/rest.js";
export interface Sample { readonly id: string; readonly name: string; readonly class: string; readonly fileUrl: string; readonly fileSize: number; readonly mimeType: string; readonly duration: number; readonly channels: number; readonly sampleRate: number; readonly blob: string; readonly peaksUrl: string; readonly rev: number; readonly createdAt: string }
export interface SampleList { readonly samples: readonly Sample[]; readonly total: number; readonly hasMore: boolean; readonly next: string | null; readonly totalSize: number; readonly quota: number }
export interface Peaks { readonly perSecond: number; readonly low: readonly number[]; readonly high: readonly number[] }
export interface TrashedPiece { readonly id: string; readonly kind: string; readonly name: string; readonly trashedAt: string; readonly goneAt: string }
export interface Trash { readonly pieces: readonly TrashedPiece[]; readonly samples: readonly TrashedPiece[] }
export interface CardList { readonly results: readonly Card[]; readonly total: number; readonly hasMore: boolean; readonly next: string | null }
export interface Upload { readonly id: string; readonly chunkSize: number; readonly received: number }
export interface Job { readonly id: string; readonly state: string; readonly progress: number; readonly result: Readonly<Record<string, unknown>> | null; readonly error: unknown }
