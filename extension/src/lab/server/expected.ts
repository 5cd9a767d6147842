// TEMPORARY until the models are in schema/rest
import type { Card } from "../../gen/rest.js";
export interface CardList { readonly results: readonly Card[]; readonly total: number; readonly hasMore: boolean; readonly next: string | null }
