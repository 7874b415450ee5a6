/** Bounds of what the server takes in, each with its reason. */

/** A batch has at most 2 × 5,000 rows; the widest honest row (a certificate with many names) is about 4 kB of JSON. */
export const BATCH_BODY_BYTES = 64 * 1024 * 1024;
/** Every other JSON body: a register of 20 million characters is the largest, in UTF-8 with escapes. */
export const JSON_BODY_BYTES = 48 * 1024 * 1024;
/** Ordinary requests carry a reason and a few identifiers. */
export const SMALL_BODY_BYTES = 256 * 1024;
/** One capture. A day of a busy mirror port is split by tcpdump -C long before this. */
export const CAPTURE_BYTES = 64 * 1024 * 1024 * 1024;
/** Conversations of 30 days share a partition: a damaged clock can name at most some 800 of them. */
export const PARTITION_DAYS = 30;
export const PARTITION_FIRST_YEAR = 1990;
export const PARTITION_LAST_YEAR = 2056;
/** A person reads the first; a screen of the map holds no more. */
export const MAP_NODES = 2000;
/** Requests a minute from one address: a console that scrolls fast makes some hundreds. */
export const REQUESTS_PER_MINUTE = 6000;
/** Attempts to open a session a minute: the token has 256 bits, this only keeps the log readable. */
export const SESSION_ATTEMPTS_PER_MINUTE = 20;
/** Sightings of one asset that are characterised at once; a hostile host may make up a name in every packet. */
export const SIGHTINGS_PER_ASSET = 20_000;
export const CONVERSATIONS_PER_ASSET = 20_000;
/** Rows of facts that one run of identification keeps to judge by; beyond, they are read again chunk by chunk. */
export const FACTS_KEPT = 60_000;
/** The thread of identification: 100,000 endpoints with their evidence of identity, slim assets and one chunk's facts. */
export const IDENTIFICATION_MEGABYTES = 3000;
/** Errors of one capture that are kept; the count goes on. */
export const IMPORT_ERRORS = 100;
/** Endpoints of one capture that are told apart when its assets are counted: a hospital has some 100,000. */
export const IMPORT_ENDPOINTS = 1_000_000;
/** How many times a worker that died is started again from the last acknowledged batch. */
export const IMPORT_ATTEMPTS = 5;
/** Server-sent event streams open at once. */
export const EVENT_STREAMS = 64;
/**
 * Acts that are sent to a collector again after a connection broke: 2 kB each, 4 MB are what two machines may hold of what
 * was sent and not read.
 */
export const AUDIT_SENT_AGAIN = 2000;
/** What a witness answers: a line or two of signatures, at the most sixteen of a kilobyte. */
export const WITNESS_ANSWER_BYTES = 16_384;
/** One document of a feed, as it lies there and unpacked: EPSS scores are 10 MB, the largest advisories 20 MB. */
export const FEED_DOCUMENT_BYTES = 64 * 1024 * 1024;
/** A hash, a signature. */
export const FEED_SIDECAR_BYTES = 100_000;
/** Files of one folder that are looked at: a mirror of all CVE records has some 300,000. */
export const FEED_FILES = 500_000;
/** Redirects that are followed, each to a permitted origin. */
export const FEED_REDIRECTS = 5;
/** How long one document may take to come. */
export const FEED_MILLISECONDS = 120_000;
/** Enforcement points of a hospital: gateways between zones, some dozens. */
export const ENFORCEMENT_POINTS = 500;
/** A point reports every minute; one that was silent for ten is away, or cut off. */
export const POINT_SILENT_MICROS = 600_000_000;
/** Packets and conversations that show a drift; a person reads the first. */
export const DRIFT_EVIDENCE = 20;
/** Devices that go to other zones in one round and are told one by one in the ledger; the rest are counted. */
export const MOVES_TOLD = 200;
/** Devices that a drift opens a finding on; life-critical ones first, and the point itself tells the rest. */
export const DRIFT_ASSETS = 200;
/** What a point says in one report: 8 MB of lines that run, 4 MB of lines that a way back brings, in UTF-8 with escapes. */
export const POINT_REPORT_BYTES = 16 * 1024 * 1024;
/** An order that no point took for so long is given up: whoever gave it expects it now, not in the night. */
export const ORDER_WAITS_MICROS = 600_000_000;
/** A point that took an order and said nothing for so long failed at it: to apply and to prove takes two minutes at most. */
export const ORDER_TAKES_MICROS = 1_200_000_000;
/** Orders of a point that are told; the ledger has them all. */
export const ORDERS_TOLD = 20;
/** How far back an act at a point is tried on what was heard: a month, so that the monthly job is in it. */
export const FORESEEN_MICROS = 30 * 86_400_000_000;
/** Conversations that a policy is tried on: a month of a hospital of 10,000 assets, added up by client, server and service. */
export const SIMULATED_CONVERSATIONS = 2_000_000;
/** The thread of policies: 2 million conversations with their names, and the diagrams of 2,000 rules. */
export const POLICY_MEGABYTES = 4000;
/** How long one question about a policy may take: beyond, nobody waits before the screen. */
export const POLICY_QUESTION_MILLISECONDS = 120_000;
/** Questions about policies that wait for their turn: a few people with a few open pages each. */
export const POLICY_QUESTIONS_WAITING = 64;
/** A policy's text in a request, in UTF-8 with escapes. */
export const POLICY_BODY_BYTES = 12 * 1024 * 1024;
/** How long the watch goes by a policy as it was worked out last, where nothing says that devices changed. */
export const GOVERNED_MICROS = 300_000_000;
/** A form of the largest kind is read in a second; a busy machine takes its time. */
export const MDS2_MILLISECONDS = 60_000;
/** PDF.js and a form of the largest kind take some 200 MB. */
export const MDS2_MEGABYTES = 512;
/** Keys that the server had for firmware, one after the other: one a month for eight years. */
export const FIRMWARE_KEYS = 100;
/** One image: a whole imaging console, encrypted. */
export const FIRMWARE_IMAGE_BYTES = 4 * 1024 ** 3;
/** Pieces in which images lie in the database: a row that is read and sent at once. */
export const FIRMWARE_CHUNK_BYTES = 1024 * 1024;
/** Documents that are published together: a targets role for each of a few hundred makers and models. */
export const FIRMWARE_BODY_BYTES = 64 * 1024 * 1024;
/** How long the server's word that nothing newer exists is good: a device that is cut off for longer takes nothing new. */
export const FIRMWARE_TIMESTAMP_DAYS = 7;
/** Devices of one rollout: all pumps of a large hospital. */
export const ROLLOUT_DEVICES = 10_000;
/** Rosters of rollouts that are kept in memory: some megabytes each at the most; a hospital has a handful under way. */
export const ROSTERS_KEPT = 16;
/** How far back traffic speaks of a device's use before it begins: ten minutes. */
export const USE_SEEN_MICROS = 600_000_000;
/** How long a snapshot is good. */
export const FIRMWARE_SNAPSHOT_DAYS = 30;
/** Entries of one incident's timeline: a week of a large one, written down every two minutes. */
export const INCIDENT_ENTRIES = 5000;
/** How far back a containment looks for conversations that it would end: the monthly job is among them. */
export const CONTAINMENT_MICROS = 30 * 86_400_000_000;
/** Batches of one site that wait to be watched, as they are stored: a day of a hospital of 10,000 devices is some 300 MB. */
export const WATCH_INBOX_BYTES = 512 * 1024 * 1024;
/** The same in batches: their list is gone through at each batch that comes. */
export const WATCH_INBOX_BATCHES = 5000;
/** Batches that one run takes, so that an alert is told before a long queue has been worked off. */
export const WATCH_RUN_BATCHES = 100;
/** Rows of one run: conversations and sightings that are in memory at once. */
export const WATCH_RUN_ROWS = 200_000;
/** The thread of watching: state of 65,536 devices for each of a few sites, once as objects and once as text. */
export const WATCH_MEGABYTES = 3000;
/** A watch's state as text: 10,000 devices take 28 MB. */
export const WATCH_STATE_BYTES = 400 * 1024 * 1024;
/** How fast states are written at the most, in bytes a second on average: what backups have to follow. */
export const WATCH_STATE_RATE = 200_000;
/** New alerts of one site a day. Whoever makes up addresses makes up actors; beyond, they are counted and not told. */
export const WATCH_ALERTS_A_DAY = 5000;
/** Alerts that may still join a story, and are told anew when a device turns out to be something else. */
export const WATCH_OPEN_ALERTS = 5000;
/** Alerts of one story that make its sentences; the others are counted. */
export const WATCH_STORY_ALERTS = 500;
/** Alerts a day beyond which a rule of the hospital's own is not switched on without saying so. */
export const RULE_ALERTS_A_DAY = 20;
/** Slices of conversations that a rule is tried on: a week of a hospital of a thousand devices. */
export const TRIAL_ROWS = 1_000_000;
/** An alert that goes on is numbered anew at most so often. */
export const WATCH_REVISION_MICROS = 900_000_000;
/** Times further ahead of the clock than this are a damaged clock's, and would stop the watch's own. */
export const WATCH_AHEAD_MICROS = 86_400_000_000;
/** Devices that were held back while learning and are told by name. */
export const WATCH_HELD_BACK = 500;
/** Pairs of an endpoint and who hears it that are not written again: some 100,000 endpoints, each heard at two places. */
export const HEARD_KEPT = 200_000;
/** Hours that one batch tells of: a month of a silent network; clocks that are far off can name no more. */
export const BATCH_HOURS = 1000;
/** Questions about what was learnt that wait for their turn. */
export const WATCH_QUESTIONS_WAITING = 32;
/** How long lines of logs are kept, which rules are tried on, and how many of a site: some 1 GB. */
export const LOG_DAYS = 31;
export const LOG_LINES = 2_000_000;
/** What people said of habits of classes at one site: some ten for each class there is. */
export const CLASS_REVIEWS = 2000;
/** What people write on one story: a month of a long one, twice an hour. */
export const WATCH_STORY_ENTRIES = 1500;
/** How long stories that are resolved are kept: six years, as records of security incidents are (45 CFR 164.316(b)(2)(i)). */
export const WATCH_STORY_DAYS = 2192;
/** How long each numbered state of an alert is kept for receivers that were away. */
export const WATCH_REVISION_DAYS = 90;
/** Batches from brokers that one server has in hand at once: 16 of 5,000 rows each are some 200 MB. */
export const BROKER_BATCHES_AT_ONCE = 16;
/** A batch in whose place a number is missing is offered again so often before the broker's store is looked through. */
export const BROKER_OFFERS = 3;
/** Numbers of a stream that are given up at once, where the broker has no batch of them. */
export const BROKER_GAP = 10_000;
/** A certificate (DER) in Base64: real ones have some 1,500 characters. */
export const BROKER_CERTIFICATE_CHARACTERS = 8192;
/** Sensors, sites and reasons for which refused batches are counted apart; whoever makes up names makes no more. */
export const REFUSED_KINDS = 1000;
