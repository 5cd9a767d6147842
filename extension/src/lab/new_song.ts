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

/** The content of a new song notebook for `kernel`. */
export function songNotebook(kernel: KernelSpec.ISpecModel) {
  return {
    cells: [
      { cell_type: "markdown", id: "welcome", metadata: {}, source: WELCOME },
      {
        cell_type: "code",
        id: "first-loop",
        metadata: {},
        source: FIRST_LOOP,
        execution_count: null,
        outputs: [],
      },
    ],
    metadata: {
      kernelspec: {
        name: kernel.name,
        display_name: kernel.display_name,
        language: kernel.language,
      },
      language_info: { name: kernel.language },
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
  const listing = (await contents.get(folder, { content: true })) as { content: Contents.IModel[] };
  const name = freeName(new Set(listing.content.map((file) => file.name)));
  const path = folder === "" || folder.endsWith(":") ? folder + name : `${folder}/${name}`;
  await contents.save(path, {
    type: "notebook",
    format: "json",
    content: songNotebook(kernel),
  });
  return path;
}

/** "Song.ipynb", or the first of "Song 2.ipynb", "Song 3.ipynb" … that is not taken. */
export function freeName(taken: ReadonlySet<string>): string {
  let name = "Song.ipynb";
  for (let number = 2; taken.has(name); number += 1) {
    name = `Song ${number}.ipynb`;
  }
  return name;
}
