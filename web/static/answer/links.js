/** Links from the answer to the components of the form. */

import { componentControl } from "../form/components.js";
import { linkTo } from "../shared/dom.js";

/** Each name as a link to its component, where the form has it, with a text between them. */
export function componentLinks(page, names, between = ", ") {
  const links = names.map((name) => {
    const index = page.architecture.components.findIndex((component) => component.name === name);
    const control = index < 0 ? null : componentControl(index);
    return control ? linkTo(control, name) : name;
  });
  return links.flatMap((link, place) => (place ? [between, link] : [link]));
}
