/** Is this asset affected by that weakness? Affected, not affected or unknown, with reason and confidence. */
export {};
