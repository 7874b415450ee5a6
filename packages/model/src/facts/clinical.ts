/** Bedside, laboratory and device-to-device protocols. The rules of {@link Facts} hold here too. */
export interface ClinicalFacts {
  /**
   * A system that sent a message of ASTM E1394 (LIS2-A2). `senderName` and `senderParts` are the components of H-5, whose
   * meaning is each maker's own; `software` and `serial` are those that show by their shape. `instruments` is R-14.
   */
  'astm.endpoint': {
    role: 'instrument' | 'host' | 'unknown';
    senderName?: string;
    senderParts?: string[];
    software?: string;
    serial?: string;
    processing?: string;
    version?: string;
    instruments?: string[];
    recordTypes: string[];
  };
}
