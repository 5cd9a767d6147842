/** The pictures of songs, projects, samples and rooms. */

import { LabIcon } from "@jupyterlab/ui-components";
import projects from "./projects.svg";
import room from "./room.svg";
import samples from "./samples.svg";
import svg from "./song.svg";

/** The icon of a song. */
export const songIcon = new LabIcon({ name: "cellissimo:song", svgstr: svg });

/** Projects: in the sidebar's own grey, as its neighbours are. */
export const projectsIcon = new LabIcon({ name: "cellissimo:projects", svgstr: projects });

/** Samples. */
export const samplesIcon = new LabIcon({ name: "cellissimo:samples", svgstr: samples });

/** A room. */
export const roomIcon = new LabIcon({ name: "cellissimo:room", svgstr: room });

/** The icon of a song as an address, where JupyterLab wants a picture. */
export const songPicture = `data:image/svg+xml;base64,${btoa(svg)}`;
