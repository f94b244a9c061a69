import { makePermissions } from "../permissions/view";
import { plainWidget } from "./plainWidget";

export default plainWidget("permissions-widget", ({ channel, root }) => {
  root.append(makePermissions(channel));
  return [];
});
