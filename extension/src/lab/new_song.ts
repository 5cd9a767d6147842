/** The command that opens a new notebook with a first loop written in it. */

import type { Contents, KernelSpec } from "@jupyterlab/services";

/** The command's id. */
export const NEW_SONG = "cellissimo:new-song-notebook";

const WELCOME = `# New song

Run the next cell with **Shift + Enter**: your first loop appears. Press its play button, then \
change a step.`;

const FIRST_LOOP = `import cellissimo as cm

loop = cm.Loop("First loop", bars=4, key="C major", tempo=100)
loop.chords = "I V vi IV"
loop["drum-kick"] = "x...x...x...x..."
loop["drum-clap"] = "....x.......x..."
loop["synth-pluck"] = "x..x..x...x.x..."
loop`;

/** Index of the cell that a new notebook opens at: the first loop. */
export const FIRST_CELL = 1;

/** A cell of a notebook that is about to be written. */
export interface NewCell {
  readonly kind: "markdown" | "code";
  readonly id: string;
  readonly source: string;
}

const CELLS: readonly NewCell[] = [
  { kind: "markdown", id: "welcome", source: WELCOME },
  { kind: "code", id: "first-loop", source: FIRST_LOOP },
];

/** A notebook of those cells for `kernel`. */
export function notebookOf(
  kernel: KernelSpec.ISpecModel,
  cells: readonly NewCell[],
  metadata: Readonly<Record<string, object>> = {},
) {
  const { name, display_name, language } = kernel;
  return {
    cells: cells.map(({ kind, id, source }) => ({
      cell_type: kind,
      id,
      metadata: {},
      source,
      ...(kind === "code" ? { execution_count: null, outputs: [] } : {}),
    })),
    metadata: {
      ...metadata,
      kernelspec: { name, display_name, language },
      language_info: { name: language },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

/** The kernel a song runs in: the server's default if it speaks Python, else the first that does. */
export function pythonKernel(
  specs: KernelSpec.ISpecModels | null,
): KernelSpec.ISpecModel | undefined {
  const all = Object.values(specs?.kernelspecs ?? {}).filter((spec) => spec !== undefined);
  const python = all.filter((spec) => spec.language.toLowerCase() === "python");
  return python.find((spec) => spec.name === specs?.default) ?? python[0];
}

/** Saves a new song notebook in `folder` under a name that is free; gives its path. */
export async function createSongNotebook(
  contents: Contents.IManager,
  folder: string,
  kernel: KernelSpec.ISpecModel,
): Promise<string> {
  const path = pathIn(folder, freeName("Song", await namesIn(contents, folder)));
  const content = notebookOf(kernel, CELLS);
  await contents.save(path, { type: "notebook", format: "json", content });
  return path;
}

/** The names of the files in a folder. */
export async function namesIn(
  contents: Contents.IManager,
  folder: string,
): Promise<ReadonlySet<string>> {
  const listing = (await contents.get(folder, { content: true })) as { content: Contents.IModel[] };
  return new Set(listing.content.map((file) => file.name));
}

/** A file's path in a folder; a drive's top ends in a colon. */
export function pathIn(folder: string, name: string): string {
  return folder === "" || folder.endsWith(":") ? folder + name : `${folder}/${name}`;
}

/** "Song.ipynb", or the first of "Song 2.ipynb", "Song 3.ipynb" … that is not taken. */
export function freeName(stem: string, taken: ReadonlySet<string>): string {
  let name = `${stem}.ipynb`;
  for (let number = 2; taken.has(name); number += 1) {
    name = `${stem} ${number}.ipynb`;
  }
  return name;
}
