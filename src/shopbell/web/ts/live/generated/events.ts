// Drawn from the server's own types by `./dev types`; not to be edited.
// deno-fmt-ignore-file

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
  side: Side;
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

/** A business as other things name it. */
export interface BusinessName {
  id: string;
  name: string;
}

/** A new line in the person's list, also when another of their devices or the business began it. */
export interface ConversationOpened {
  id: string;
  business: BusinessName;
  created_at: string;
}

export interface CursorFrame {
  type: "cursor";
  business_id: string;
  cursor: string;
}

export interface FeedbackGiven {
  ticket_id: string;
  rating: number;
  comment: string | null;
}

/** The ticket is open again: what was asked for at its closure is no longer wanted. */
export interface FeedbackRecalled {
  ticket_id: string;
}

export interface FeedbackRequested {
  ticket_id: string;
}

export interface Hello {
  type: "hello";
  token?: string | null;
  as?: "person" | "staff" | null;
  actor?: string | null;
  cursors?: Record<string, string>;
  cursor?: string | null;
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

export interface MarkDelivered {
  type: "mark_delivered";
  ref: string | number;
  conversation_id: string;
  seq: number;
}

export interface MarkRead {
  type: "mark_read";
  ref: string | number;
  conversation_id: string;
  seq: number;
}

/** Said again when a blocked person joins anew, so that a list drawn from events shows it. */
export interface MemberBlocked {
  person: PersonItem;
}

/** Staff draw the person, the person draws the business. */
export interface MemberJoined {
  business: BusinessName;
  person: PersonItem;
  joined_at: string;
}

export interface MemberLeft {
  business: BusinessName;
  person: PersonItem;
  left_at: string;
}

export interface MemberUnblocked {
  person: PersonItem;
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

/** `seq` is the message's own number. */
export interface MessageWithdrawn {
  conversation_id: string;
  id: string;
  seq: number;
  withdrawn_at: string;
}

export interface MessagesDelivered {
  conversation_id: string;
  side: Side;
  seq: number;
}

/** One side has read up to `seq`; with what the same side has still unread: `unread` or, by ticket, `tickets`. */
export interface MessagesRead {
  conversation_id: string;
  side: Side;
  seq: number;
  unread?: number;
  tickets?: readonly TicketUnread[];
}

export interface Named {
  id: string;
  name: string;
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

export interface Ok {
  type: "ok";
  ref: string | number;
  id?: string;
  seq?: number;
  created_at?: string;
}

export interface OtherWaiting {
  type: "other_waiting";
  business_id: string;
  waiting: number;
}

export type Outcome = "abandoned" | "resolved";

/** A person as the product names them to themselves and to businesses that know them. */
export interface PersonItem {
  id: string;
  first_name: string;
  last_name: string;
}

export interface PostMessage {
  type: "post_message";
  ref: string | number;
  conversation_id: string;
  nonce: string;
  text: string;
  attachments?: readonly string[];
}

export type Priority = "high" | "low" | "medium";

export interface ProfileChanged {
  business: Business;
  by: StaffName;
}

/** `cursor` for staff, `cursors` by business for a person: where the stream starts. */
export interface Ready {
  type: "ready";
  cursor?: string;
  cursors?: Record<string, string>;
}

export interface Refused {
  type: "refused";
  ref: string | number;
  problem: Record<string, unknown>;
}

export interface Resync {
  type: "resync";
  business_id: string;
  cursor: string;
}

export type Role = "agent" | "manager" | "marketer" | "owner";

export type Side = "business" | "person" | "staff";

/** `staff` comes without the e-mail address, which not all colleagues may read. */
export interface StaffAdded {
  staff: StaffItem;
  by: StaffName;
}

/** Another role, or no longer at work, or at work again. */
export interface StaffChanged {
  staff: StaffItem;
  by: StaffName;
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

/** Somebody of the staff, as history and events name them. */
export interface StaffName {
  side: string;
  id: string;
  name: string;
}

export type State = "assigned" | "closed" | "pulled" | "waiting";

/** Claimed, transferred or taken over. */
export interface TicketAssigned {
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
  by: AuthorItem | null;
}

export interface TicketClosed {
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
  by: AuthorItem | null;
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

export interface TicketOpened {
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
  by: AuthorItem | null;
}

export interface TicketPrioritised {
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
  by: AuthorItem | null;
}

/** Back to pulled: by its holder (`by`), or because the holder left. */
export interface TicketReleased {
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
  by: AuthorItem | null;
}

export interface TicketReopened {
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
  by: AuthorItem | null;
}

export interface TicketUnread {
  id: string;
  unread: number;
}

/** Some waiting tickets were brought into the panel; a large pull is told in several of these. */
export interface TicketsPulled {
  tickets: readonly TicketItem[];
  by: AuthorItem;
}

/** Somebody of the conversation is typing; never stored, and gone after a few seconds. */
export interface Typing {
  type: "typing";
  conversation_id: string;
  author: AuthorItem;
}

export interface TypingCommand {
  type: "typing";
  conversation_id: string;
}

export interface WaitingChanged {
  waiting: number;
  unclaimed: number;
}

interface Told<Name extends string, Body> {
  type: "event";
  cursor: string;
  seq: number;
  business_id: string;
  name: Name;
  at: string;
  body: Body;
}

export type StaffEvent =
  | Told<"feedback_given", FeedbackGiven>
  | Told<"member_blocked", MemberBlocked>
  | Told<"member_joined", MemberJoined>
  | Told<"member_left", MemberLeft>
  | Told<"member_unblocked", MemberUnblocked>
  | Told<"message_posted", MessageItem>
  | Told<"message_withdrawn", MessageWithdrawn>
  | Told<"messages_delivered", MessagesDelivered>
  | Told<"messages_read", MessagesRead>
  | Told<"note_posted", NoteItem>
  | Told<"profile_changed", ProfileChanged>
  | Told<"staff_added", StaffAdded>
  | Told<"staff_changed", StaffChanged>
  | Told<"ticket_assigned", TicketAssigned>
  | Told<"ticket_closed", TicketClosed>
  | Told<"ticket_opened", TicketOpened>
  | Told<"ticket_prioritised", TicketPrioritised>
  | Told<"ticket_released", TicketReleased>
  | Told<"ticket_reopened", TicketReopened>
  | Told<"tickets_pulled", TicketsPulled>
  | Told<"waiting_changed", WaitingChanged>;

export type PersonEvent =
  | Told<"conversation_opened", ConversationOpened>
  | Told<"feedback_given", FeedbackGiven>
  | Told<"feedback_recalled", FeedbackRecalled>
  | Told<"feedback_requested", FeedbackRequested>
  | Told<"member_joined", MemberJoined>
  | Told<"member_left", MemberLeft>
  | Told<"message_posted", MessageItem>
  | Told<"message_withdrawn", MessageWithdrawn>
  | Told<"messages_delivered", MessagesDelivered>
  | Told<"messages_read", MessagesRead>;

export type ClientFrame = Hello | PostMessage | MarkRead | MarkDelivered | TypingCommand;

export type ServerFrame = Ready | Resync | CursorFrame | OtherWaiting | Typing | Ok | Refused;
