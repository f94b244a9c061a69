import { makePermissions } from "../permissions/view";
import { widget } from "./widget";

export default widget("permissions-widget", ({ channel, root }) => {
  root.append(makePermissions(channel));
  return [];
});
