import css from "../signIn/signIn.css";
import { makeSignIn } from "../signIn/view";
import { plainWidget } from "./plainWidget";

export default plainWidget(
  "signIn-widget",
  ({ channel, root }) => {
    const view = makeSignIn(channel);
    root.append(view.element);
    return [view];
  },
  css,
);
