/** Resources in one answer; the provider asks for the next with startIndex (RFC 7644 §3.4.2.4). */
export const SCIM_PAGE = 200;
/** Operations in one PATCH: a provider sends a group's members in some dozens. */
export const SCIM_OPERATIONS = 1000;
/** Letters of a filter or path; real ones have some dozens. */
export const SCIM_FILTER_LETTERS = 2000;
/** How deep parentheses and `not` may nest. */
export const SCIM_FILTER_DEPTH = 16;
/** Letters of one text of a user or group. */
export const SCIM_TEXT_LETTERS = 320;
/** Values of an attribute that has several; members of a group come in their thousands. */
export const SCIM_VALUES = 20_000;
