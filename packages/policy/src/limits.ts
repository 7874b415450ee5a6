/** Bounds of what this package takes in, each with its reason. */

/** A policy of 2,000 rules and 200 zones is about 300 kB; a generated one with every address written out, some megabytes. */
export const POLICY_TEXT_CHARACTERS = 16 * 1024 * 1024;
/** A ruleset of a core switch with expanded object groups; nft refuses far smaller ones in one transaction. */
export const CONFIGURATION_CHARACTERS = 64 * 1024 * 1024;
/** People stop reading after the first few dozen; the count goes on. */
export const DIAGNOSTICS = 200;
/** Jumps within jumps: the kernel's own bound is 16 (NFT_JUMP_STACK_SIZE). */
export const CHAIN_DEPTH = 16;
/** Nodes of all decision diagrams of one comparison; 2^26 is what a memo key of two node numbers can hold. */
export const DIAGRAM_NODES = 2 ** 26 - 1;
/** Selectors within selectors, as brackets in a zone's condition. */
export const CONDITION_DEPTH = 32;
/** Rows of ranges that one wildcard mask with scattered bits may stand for; real ones stand for some dozens. */
export const WILDCARD_RANGES = 65_536;
/** Elements within elements; the deepest of a firewall's configuration stand some twenty deep. */
export const XML_DEPTH = 64;
/** Pairs of zones that the rules of a firewall may tell apart: 64 zones; the largest firewalls of the maker have some dozens in use. */
export const PAN_ZONE_PAIRS = 4096;
/** Values within values; the deepest of the model of access lists stand eleven deep. */
export const JSON_DEPTH = 64;
/** A manufacturer's file for one kind of device is some kilobytes; RFC 8520 asks for no bound, a fetched file needs one. */
export const MUD_CHARACTERS = 1024 * 1024;
/** Words that the variables of a ruleset stand for; real ones stand for some thousands, and definitions of definitions grow without end. */
export const NFT_VARIABLE_WORDS = 200_000;
/** Addresses that are kept read while conversations go by: twice those of a large hospital. */
export const ADDRESSES_KEPT = 200_000;
