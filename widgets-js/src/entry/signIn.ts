import { makeSignIn } from "../signIn/view";
import { widget } from "./widget";

export default widget("signIn-widget", ({ channel, notice, root }) => {
  const view = makeSignIn(channel, notice);
  root.append(view.element);
  return [view];
});
