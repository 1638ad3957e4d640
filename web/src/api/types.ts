/** The API's shapes under the names the UI uses, generated from the server's OpenAPI description. */

import type { components } from "@/api/schema";

type Schemas = components["schemas"];

export type Role = Schemas["Role"];
export type NetworkKey = Schemas["NetworkKey"];
export type ProviderKey = Schemas["ProviderKey"];
export type Format = Schemas["Format"];
export type PostState = Schemas["PostState"];
export type DeliveryState = Schemas["DeliveryState"];
export type MetricKey = Schemas["Metric"];
export type Metrics = Partial<Record<MetricKey, number | null>>;
/** A network's own choices for a post; what they are, its `options_schema` tells. */
export type Options = Record<string, unknown>;

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export type Account = Schemas["AccountOut"];
export type AccountChange = Schemas["AccountChange"];
export type Membership = Schemas["MembershipOut"];
export type Session = Schemas["SessionOut"];
export type Member = Schemas["MemberOut"];
export type Token = Schemas["TokenOut"];
export type NewToken = Schemas["NewTokenOut"];
export type NetworkInfo = Schemas["NetworkOut"];
export type Networks = Schemas["NetworksOut"];
export type Connection = Schemas["ConnectionOut"];
export type Profile = Schemas["ProfileOut"];
export type RemoteProfile = Schemas["RemoteProfileOut"];
export type Asset = Schemas["AssetOut"];
export type PostIn = Schemas["PostIn"];
export type PostChange = Schemas["PostChange"];
export type Approval = Schemas["ApprovalOut"];
export type Delivery = Schemas["DeliveryOut"];
export type DeliveryDetail = Schemas["DeliveryDetail"];
export type Post = Schemas["PostOut"];
export type Problem = Schemas["ProblemOut"];
export type CalendarEntry = Schemas["CalendarEntry"];
export type Calendar = Schemas["CalendarOut"];
export type ReportRow = Schemas["ReportRow"];
export type Report = Schemas["PostsReport"];
export type AuditEvent = Schemas["EventOut"];
export type Notice = Schemas["NoticeOut"];
