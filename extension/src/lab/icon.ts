/** The icon of a song: a note whose steps climb. */

import { LabIcon } from "@jupyterlab/ui-components";
import svg from "./song.svg";

/** The icon of a song. */
export const songIcon = new LabIcon({ name: "cellissimo:song", svgstr: svg });

/** The same as an address, where JupyterLab wants a picture. */
export const songPicture = `data:image/svg+xml;base64,${btoa(svg)}`;
