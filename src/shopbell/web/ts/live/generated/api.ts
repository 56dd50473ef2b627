// Drawn from the server's own types by `./dev types`; not to be edited.
// deno-fmt-ignore-file

/** Will be done; whether there was anything to do is not told. */
export interface Accepted {
  accepted: boolean;
}

export interface Alive {
  status: string;
}

/** The staff member a session is: one login at work in one business. */
export interface AskingStaff {
  id: string;
  business_id: string;
  role: Role;
  first_name: string;
  last_name: string;
}

/** An attachment as one side gets it: `url` names that side, and answers under the reader's rights. */
export interface AttachmentItem {
  id: string;
  kind: AttachmentKind;
  name: string;
  size: number;
  url: string;
  caption?: string;
}

export type AttachmentKind = "audio" | "file" | "image" | "video";

export interface AuthorItem {
  side: shopbell_conversations_rules_Side;
  id: string;
  name: string;
}

/** A tenant and its profile, all of which is public. Position in degrees (WGS 84). */
export interface Business {
  id: string;
  slug: string;
  name: string;
  time_zone: string;
  category: string | null;
  description: string | null;
  phone: string | null;
  email: string | null;
  website: string | null;
  street: string | null;
  postcode: string | null;
  city: string | null;
  country: string | null;
  latitude: number | null;
  longitude: number | null;
  hours: Hours | null;
  holidays: readonly Holiday[] | null;
}

/** A business in a list. */
export interface BusinessItem {
  id: string;
  slug: string;
  name: string;
  category: string | null;
  city: string | null;
}

export interface BusinessName {
  id: string;
  name: string;
}

/** The business one works for, with where its live stream goes on after this. */
export interface BusinessProfile {
  id: string;
  slug: string;
  name: string;
  time_zone: string;
  category: string | null;
  description: string | null;
  phone: string | null;
  email: string | null;
  website: string | null;
  street: string | null;
  postcode: string | null;
  city: string | null;
  country: string | null;
  latitude: number | null;
  longitude: number | null;
  hours: Hours | null;
  holidays: readonly Holiday[] | null;
  cursor: string;
}

/** `seen_seq` is the number of the last message the closer saw. */
export interface Closure {
  outcome: Outcome;
  seen_seq?: number | null;
}

export interface Comment {
  text: string;
  customer: string;
  ticket_number: number;
  at: string;
}

export interface ConversationItem {
  id: string;
  business: BusinessName;
  last_message: MessageItem | null;
  unread: number;
  feedback_due: string | null;
  created_at: string;
}

export interface ConversationPage {
  items: readonly ConversationItem[];
  next: string | null;
  cursors?: Record<string, string>;
}

export interface Credentials {
  email: string;
  password: string;
}

/** The figures of the days from `from` to `to`, both counted, in the time zone of the business. In the scope `own` they are of the tickets this colleague holds or held last, of the first replies they wrote and the tickets they closed, and there is no `loop`. What ends in `before` is of as many days before; while the last day goes on, up to the same time of day. */
export interface Dashboard {
  from: string;
  to: string;
  time_zone: string;
  scope: "business" | "own";
  tickets: TicketFigures;
  first_reply: FirstReply;
  feedback: FeedbackFigures;
  loop: LoopFigures | null;
  days: readonly Day[];
  cursor: string;
}

/** A day's new tickets by what has become of them, and its first replies. Times in whole seconds. */
export interface Day {
  day: string;
  resolved: number;
  abandoned: number;
  open: number;
  median_seconds: number | null;
  p90_seconds: number | null;
}

/** How many tickets wait for a pull, and how many have no holder: those two make bubbles and bells. */
export interface DeskItem {
  waiting: number;
  unclaimed: number;
  cursor: string;
}

export interface Feedback {
  rating: number;
  comment: string | null;
  at: string;
}

/** `ratings` counts the ones first, the fives last; `latest` is the newest comment. */
export interface FeedbackFigures {
  asked: number;
  count: number;
  average: number | null;
  ratings: readonly number[];
  latest: Comment | null;
}

export interface FieldProblem {
  field: string;
  detail: string;
}

/** How long customers who opened a ticket in the period waited for its first reply, in whole seconds. */
export interface FirstReply {
  count: number;
  median_seconds: number | null;
  p90_seconds: number | null;
  median_seconds_before: number | null;
}

export interface HistoryItem {
  name: string;
  at: string;
  by: AuthorItem | null;
  body: unknown;
}

export interface HistoryPage {
  items: readonly HistoryItem[];
  next: string | null;
  cursor: string;
}

/** A day unlike others: MM-DD every year, or YYYY-MM-DD once. Without hours the business is closed. */
export interface Holiday {
  name: string;
  day: string;
  hours?: readonly string[];
}

/** When the business is open in an ordinary week; a day without spans is closed. */
export interface Hours {
  monday?: readonly string[];
  tuesday?: readonly string[];
  wednesday?: readonly string[];
  thursday?: readonly string[];
  friday?: readonly string[];
  saturday?: readonly string[];
  sunday?: readonly string[];
}

export type Kind = "blast" | "feedback_request" | "location" | "offer" | "system" | "text";

export interface LoopBusiness {
  id: string;
  name: string;
  slug: string;
}

/** `members` at the end of the day. */
export interface LoopDay {
  day: string;
  members: number;
  joined: number;
  left: number;
}

/** `members` is as it is now. */
export interface LoopFigures {
  members: number;
  joined: number;
  left: number;
  days: readonly LoopDay[];
}

export interface Mark {
  seq: number;
}

/** How far each side has read and received. */
export interface Marks {
  id: string;
  business_id: string;
  person_read: number;
  person_delivered: number;
  staff_read: number;
  staff_delivered: number;
}

/** The same alone, with where the live stream goes on after it. */
export interface MemberCard {
  id: string;
  first_name: string;
  last_name: string;
  joined_at: string | null;
  blocked: boolean;
  cursor: string;
}

/** A person as a business knows them; `joined_at` is null for who wrote but is no member. */
export interface MemberItem {
  id: string;
  first_name: string;
  last_name: string;
  joined_at: string | null;
  blocked: boolean;
}

export interface MembershipItem {
  business: LoopBusiness;
  joined_at: string;
}

/** A message of a page or of an event; `nonce` for its author only, `ticket_id` for staff only. */
export interface MessageItem {
  id: string;
  seq: number;
  kind: Kind;
  author: AuthorItem;
  text: string;
  attachments: readonly AttachmentItem[];
  nonce?: string;
  created_at: string;
  withdrawn_at?: string;
  conversation_id?: string;
  ticket_id?: string | null;
}

/** Ascending by number; `next` is the number to give as `before`, or as `after` when `after` was given. */
export interface MessagePage {
  items: readonly MessageItem[];
  next: string | null;
  cursor: string;
  conversation: Marks;
}

export interface Named {
  id: string;
  name: string;
}

export interface NewBusiness {
  name: string;
  time_zone: string;
  owner: Owner;
}

export interface NewFeedback {
  rating: number;
  comment?: string | null;
}

/** `me` claims; a colleague's id transfers, with an optional note; `take_over` is needed when another holds it. */
export interface NewHolder {
  staff_id: string;
  note?: string | null;
  take_over?: boolean;
}

export interface NewMessage {
  nonce: string;
  text: string;
  attachments?: readonly string[];
}

export interface NewNote {
  nonce: string;
  text: string;
}

/** The token is the one of the mailed link. */
export interface NewPassword {
  token: string;
  password: string;
}

export interface NewPriority {
  priority: Priority | null;
}

export interface NewStaff {
  role: Role;
  first_name: string;
  last_name: string;
  email: string;
  mobile?: string | null;
}

export interface NoteItem {
  id: string;
  seq: number;
  ticket_id: string;
  text: string;
  author: AuthorItem;
  nonce?: string;
  created_at: string;
}

export interface NotePage {
  items: readonly NoteItem[];
  next: string | null;
  cursor: string;
}

export interface Opened {
  id: string;
  business_id: string;
}

export interface OtherBusiness {
  business_id: string;
}

export type Outcome = "abandoned" | "resolved";

export interface Owner {
  first_name: string;
  last_name: string;
  email: string;
  password: string;
}

/** One page of a list. `next` is what to give as `after` for the following page, None at the end. `cursor`, or `cursors` by business id, is where the live stream goes on after what is listed. */
export interface Page_BusinessItem {
  items: readonly BusinessItem[];
  next: string | null;
  cursor?: string;
  cursors?: Record<string, string>;
}

/** One page of a list. `next` is what to give as `after` for the following page, None at the end. `cursor`, or `cursors` by business id, is where the live stream goes on after what is listed. */
export interface Page_MemberItem {
  items: readonly MemberItem[];
  next: string | null;
  cursor?: string;
  cursors?: Record<string, string>;
}

/** One page of a list. `next` is what to give as `after` for the following page, None at the end. `cursor`, or `cursors` by business id, is where the live stream goes on after what is listed. */
export interface Page_MembershipItem {
  items: readonly MembershipItem[];
  next: string | null;
  cursor?: string;
  cursors?: Record<string, string>;
}

/** One page of a list. `next` is what to give as `after` for the following page, None at the end. `cursor`, or `cursors` by business id, is where the live stream goes on after what is listed. */
export interface Page_StaffItem {
  items: readonly StaffItem[];
  next: string | null;
  cursor?: string;
  cursors?: Record<string, string>;
}

/** A person as the product names them to themselves and to businesses that know them. */
export interface PersonItem {
  id: string;
  first_name: string;
  last_name: string;
}

/** Who asks from the consumer side. */
export interface PersonMe {
  side: "person";
  person: PersonItem;
  email: string;
}

export interface PersonSignedIn {
  token?: string;
  person: PersonItem;
}

export type Priority = "high" | "low" | "medium";

/** A refusal (RFC 9457). `code` is stable; further members depend on it. */
export interface Problem {
  type: string;
  code: string;
  title: string;
  status: number;
  detail: string;
  errors?: readonly FieldProblem[];
}

/** What is left out stays; null empties a field. Position in degrees (WGS 84). */
export interface ProfileChanges {
  name?: string;
  time_zone?: string;
  category?: string | null;
  description?: string | null;
  phone?: string | null;
  email?: string | null;
  website?: string | null;
  street?: string | null;
  postcode?: string | null;
  city?: string | null;
  country?: string | null;
  latitude?: number | null;
  longitude?: number | null;
  hours?: Hours | null;
  holidays?: readonly Holiday[] | null;
}

export interface Pulled {
  pulled: number;
  waiting: number;
}

/** `failing` names parts that are down while the rest goes on. `weakened` lists settings that take protection away, as only tests may; `warnings` what to put right. */
export interface Ready {
  failing: readonly string[];
  weakened: readonly string[];
  warnings: readonly string[];
  status: string;
}

export interface Registered {
  token?: string;
  business: Business;
  staff: AskingStaff;
}

export interface ResetRequest {
  email: string;
  side: shopbell_signin_actors_Side;
}

/** One thing a role may do, by the words clients see in `GET /me`. */
export type Right = "manage_tickets" | "read_blasts" | "read_canned_responses" | "read_dashboard" | "read_loop" | "read_offers" | "read_own_figures" | "read_pitch" | "read_profile" | "read_settings" | "read_staff" | "read_tickets" | "redeem_offers" | "share_offers" | "update_assets" | "update_pitch" | "update_profile" | "withdraw_messages" | "write_blasts" | "write_canned_responses" | "write_loop" | "write_offers" | "write_pitch" | "write_settings" | "write_staff" | "write_tickets";

export type Role = "agent" | "manager" | "marketer" | "owner";

export interface SentItem {
  id: string;
  seq: number;
  created_at: string;
}

/** What `state` may ask for. */
export type Shown = "assigned" | "closed" | "open" | "pulled" | "waiting";

export interface SignUp {
  first_name: string;
  last_name: string;
  email: string;
  password: string;
}

export type Sort = "priority" | "updated" | "waiting";

export interface StaffChange {
  role?: Role | null;
  active?: boolean | null;
}

/** `code` is for two-factor sign-in, which no login has yet: leave it out or send null. */
export interface StaffCredentials {
  email: string;
  password: string;
  code?: null;
  business_id?: string | null;
}

/** One of the staff; `email` and `active` are in lists for those with `read_staff` only. */
export interface StaffItem {
  id: string;
  role: Role;
  first_name: string;
  last_name: string;
  email?: string;
  active?: boolean;
  on_duty: boolean;
}

/** Who asks from the staff side; `rights` are those of the role in the business worked for at present. */
export interface StaffMe {
  side: "staff";
  login_id: string;
  staff: AskingStaff;
  email: string;
  businesses: readonly Workplace[];
  rights: readonly Right[];
}

export interface StaffSignedIn {
  token?: string;
  staff: AskingStaff;
  businesses: readonly Workplace[];
}

export type State = "assigned" | "closed" | "pulled" | "waiting";

export interface Switched {
  staff: AskingStaff;
}

/** A ticket with the feedback its closures got, newest first. */
export interface TicketDetail {
  id: string;
  number: number;
  conversation_id: string;
  customer: Named;
  state: State;
  holder: Named | null;
  priority: Priority | null;
  outcome: Outcome | null;
  messages: number;
  unread: number;
  last_line: string;
  last_seq: number;
  waiting_since: string;
  updated_at: string;
  updated_seq: number;
  closed_at: string | null;
  follow_up_of: string | null;
  feedback: readonly Feedback[];
  cursor: string;
}

/** `new` were opened in the period, `resolved` and `abandoned` closed in it, `reopened` opened again in it. `open` and `unheld` are as it is now. One closed, re-opened and closed again was closed twice. */
export interface TicketFigures {
  new: number;
  new_before: number;
  open: number;
  unheld: number;
  resolved: number;
  abandoned: number;
  reopened: number;
}

/** One row of the panel; with `by`, the body of a `ticket_*` event. */
export interface TicketItem {
  id: string;
  number: number;
  conversation_id: string;
  customer: Named;
  state: State;
  holder: Named | null;
  priority: Priority | null;
  outcome: Outcome | null;
  messages: number;
  unread: number;
  last_line: string;
  last_seq: number;
  waiting_since: string;
  updated_at: string;
  updated_seq: number;
  closed_at: string | null;
  follow_up_of: string | null;
}

export interface TicketPage {
  items: readonly TicketItem[];
  next: string | null;
  cursor: string;
}

/** A business a login works for, and as what. */
export interface Workplace {
  id: string;
  name: string;
  slug: string;
  staff_id: string;
  role: Role;
}

export type shopbell_conversations_rules_Side = "business" | "person" | "staff";

/** Which of the two kinds of account; a staff login and a person with one e-mail address are unrelated. */
export type shopbell_signin_actors_Side = "person" | "staff";

/** Every operation: what goes into it, and what a success answers. */
export interface Operations {
  "GET /attachments/{attachment_id}": {
    path: { attachment_id: string };
    query: { side?: "person" | "staff" };
    body: undefined;
    answer: Blob;
  };
  "GET /business": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: BusinessProfile;
  };
  "PUT /business": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: ProfileChanges;
    answer: Business;
  };
  "GET /businesses": {
    path: Record<never, never>;
    query: { q?: string; limit?: number; after?: string };
    body: undefined;
    answer: Page_BusinessItem;
  };
  "POST /businesses": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: NewBusiness;
    answer: Registered;
  };
  "GET /businesses/{business_id}": {
    path: { business_id: string };
    query: Record<never, never>;
    body: undefined;
    answer: Business;
  };
  "POST /businesses/{business_id}/conversation": {
    path: { business_id: string };
    query: Record<never, never>;
    body: undefined;
    answer: Opened;
  };
  "DELETE /businesses/{business_id}/membership": {
    path: { business_id: string };
    query: Record<never, never>;
    body: undefined;
    answer: undefined;
  };
  "PUT /businesses/{business_id}/membership": {
    path: { business_id: string };
    query: Record<never, never>;
    body: undefined;
    answer: undefined;
  };
  "GET /conversations": {
    path: Record<never, never>;
    query: { limit?: number; after?: string };
    body: undefined;
    answer: ConversationPage;
  };
  "POST /conversations/{conversation_id}/attachments": {
    path: { conversation_id: string };
    query: Record<never, never>;
    body: FormData;
    answer: AttachmentItem;
  };
  "PUT /conversations/{conversation_id}/delivered": {
    path: { conversation_id: string };
    query: Record<never, never>;
    body: Mark;
    answer: undefined;
  };
  "GET /conversations/{conversation_id}/messages": {
    path: { conversation_id: string };
    query: { limit?: number; before?: number; after?: number };
    body: undefined;
    answer: MessagePage;
  };
  "POST /conversations/{conversation_id}/messages": {
    path: { conversation_id: string };
    query: Record<never, never>;
    body: NewMessage;
    answer: SentItem;
  };
  "DELETE /conversations/{conversation_id}/messages/{message_id}": {
    path: { conversation_id: string; message_id: string };
    query: Record<never, never>;
    body: undefined;
    answer: undefined;
  };
  "PUT /conversations/{conversation_id}/read": {
    path: { conversation_id: string };
    query: Record<never, never>;
    body: Mark;
    answer: undefined;
  };
  "GET /dashboard": {
    path: Record<never, never>;
    query: { from?: string; to?: string };
    body: undefined;
    answer: Dashboard;
  };
  "GET /desk": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: DeskItem;
  };
  "POST /desk/pull": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: Pulled;
  };
  "GET /me": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: StaffMe | PersonMe;
  };
  "GET /members": {
    path: Record<never, never>;
    query: { q?: string; sort?: "name" | "newest"; limit?: number; after?: string };
    body: undefined;
    answer: Page_MemberItem;
  };
  "GET /members/{person_id}": {
    path: { person_id: string };
    query: Record<never, never>;
    body: undefined;
    answer: MemberCard;
  };
  "DELETE /members/{person_id}/block": {
    path: { person_id: string };
    query: Record<never, never>;
    body: undefined;
    answer: undefined;
  };
  "PUT /members/{person_id}/block": {
    path: { person_id: string };
    query: Record<never, never>;
    body: undefined;
    answer: undefined;
  };
  "POST /members/{person_id}/conversation": {
    path: { person_id: string };
    query: Record<never, never>;
    body: undefined;
    answer: Opened;
  };
  "GET /memberships": {
    path: Record<never, never>;
    query: { limit?: number; after?: string };
    body: undefined;
    answer: Page_MembershipItem;
  };
  "GET /openapi.json": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: Record<string, unknown>;
  };
  "POST /password": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: NewPassword;
    answer: undefined;
  };
  "POST /password/resets": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: ResetRequest;
    answer: Accepted;
  };
  "POST /people": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: SignUp;
    answer: PersonSignedIn;
  };
  "POST /people/sessions": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: Credentials;
    answer: PersonSignedIn;
  };
  "DELETE /session": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: undefined;
  };
  "PUT /session/business": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: OtherBusiness;
    answer: Switched;
  };
  "GET /staff": {
    path: Record<never, never>;
    query: { limit?: number; after?: string };
    body: undefined;
    answer: Page_StaffItem;
  };
  "POST /staff": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: NewStaff;
    answer: StaffItem;
  };
  "POST /staff/sessions": {
    path: Record<never, never>;
    query: Record<never, never>;
    body: StaffCredentials;
    answer: StaffSignedIn;
  };
  "PUT /staff/{staff_id}": {
    path: { staff_id: string };
    query: Record<never, never>;
    body: StaffChange;
    answer: StaffItem;
  };
  "POST /staff/{staff_id}/invitation": {
    path: { staff_id: string };
    query: Record<never, never>;
    body: undefined;
    answer: Accepted;
  };
  "GET /tickets": {
    path: Record<never, never>;
    query: { state?: Shown; holder?: string; priority?: Priority; q?: string; sort?: Sort; limit?: number; after?: string };
    body: undefined;
    answer: TicketPage;
  };
  "GET /tickets/{ticket_id}": {
    path: { ticket_id: string };
    query: Record<never, never>;
    body: undefined;
    answer: TicketDetail;
  };
  "DELETE /tickets/{ticket_id}/closure": {
    path: { ticket_id: string };
    query: Record<never, never>;
    body: undefined;
    answer: TicketItem;
  };
  "PUT /tickets/{ticket_id}/closure": {
    path: { ticket_id: string };
    query: Record<never, never>;
    body: Closure;
    answer: TicketItem;
  };
  "PUT /tickets/{ticket_id}/feedback": {
    path: { ticket_id: string };
    query: Record<never, never>;
    body: NewFeedback;
    answer: undefined;
  };
  "GET /tickets/{ticket_id}/history": {
    path: { ticket_id: string };
    query: { limit?: number; after?: string };
    body: undefined;
    answer: HistoryPage;
  };
  "DELETE /tickets/{ticket_id}/holder": {
    path: { ticket_id: string };
    query: Record<never, never>;
    body: undefined;
    answer: TicketItem;
  };
  "PUT /tickets/{ticket_id}/holder": {
    path: { ticket_id: string };
    query: Record<never, never>;
    body: NewHolder;
    answer: TicketItem;
  };
  "GET /tickets/{ticket_id}/notes": {
    path: { ticket_id: string };
    query: { limit?: number; after?: string };
    body: undefined;
    answer: NotePage;
  };
  "POST /tickets/{ticket_id}/notes": {
    path: { ticket_id: string };
    query: Record<never, never>;
    body: NewNote;
    answer: SentItem;
  };
  "PUT /tickets/{ticket_id}/priority": {
    path: { ticket_id: string };
    query: Record<never, never>;
    body: NewPriority;
    answer: TicketItem;
  };
}
