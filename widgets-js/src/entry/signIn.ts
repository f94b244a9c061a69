import css from "../signIn/signIn.css";
import { makeSignIn } from "../signIn/view";
import { widget } from "./widget";

export default widget(
  "signIn-widget",
  ({ channel, root }) => {
    const view = makeSignIn(channel);
    root.append(view.element);
    return [view];
  },
  css,
);
