/** Building control, constrained devices, telephones and nurse call. The rules of {@link Facts} hold here too. */
export interface BuildingFacts {
  /**
   * The subject asked (client), or did (server), a Modbus function for or as a unit. A server that answers for several
   * units passes on to devices behind it.
   */
  'modbus.use': {
    role: 'client' | 'server';
    unit: number;
    function: string;
    access: 'read' | 'write' | 'other';
  };
  /** The subject refused; `gateway-…` says that it stands before other devices. */
  'modbus.exception': { unit: number; function: string; exception: string };
  /** Answer to Read Device Identification (Modbus Application Protocol V1.1b3 §6.21). */
  'modbus.identification': {
    unit: number;
    vendor?: string;
    productCode?: string;
    revision?: string;
    vendorUrl?: string;
    productName?: string;
    model?: string;
    application?: string;
  };
}
