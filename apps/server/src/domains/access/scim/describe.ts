import { SCIM_PAGE } from './limits.ts';
import { GROUP_SCHEMA, USER_SCHEMA } from './user.ts';

const SCIM = 'urn:ietf:params:scim:schemas:core:2.0';

/** What this server can do (RFC 7643 §5). */
export const serviceProviderConfig = (base: string) => ({
  schemas: [`${SCIM}:ServiceProviderConfig`],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: SCIM_PAGE },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: true },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'Bearer token',
      description: 'A token of the role “provisioning”, made under People.',
      primary: true,
    },
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
});

export const resourceTypes = (base: string) =>
  (
    [
      ['User', USER_SCHEMA],
      ['Group', GROUP_SCHEMA],
    ] as const
  ).map(([id, schema]) => ({
    schemas: [`${SCIM}:ResourceType`],
    id,
    name: id,
    endpoint: `/${id}s`,
    schema,
    meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${id}` },
  }));

interface Attribute {
  name: string;
  type: 'string' | 'boolean' | 'complex' | 'reference';
  multiValued: boolean;
  required: boolean;
  caseExact: boolean;
  mutability: 'readWrite' | 'readOnly' | 'immutable';
  returned: 'default' | 'always';
  uniqueness: 'none' | 'server';
  subAttributes?: Attribute[];
}

const attribute = (name: string, rest: Partial<Attribute> = {}): Attribute => ({
  name,
  type: 'string',
  multiValued: false,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
  ...rest,
});

const complex = (name: string, subAttributes: Attribute[], rest: Partial<Attribute> = {}): Attribute =>
  attribute(name, { type: 'complex', subAttributes, ...rest });

const several = { multiValued: true } as const;

export const schemas = (base: string) =>
  [
    {
      id: USER_SCHEMA,
      name: 'User',
      attributes: [
        attribute('userName', { required: true, uniqueness: 'server' }),
        attribute('externalId', { caseExact: true }),
        attribute('displayName'),
        complex('name', [attribute('formatted'), attribute('givenName'), attribute('familyName')]),
        complex(
          'emails',
          [attribute('value'), attribute('type'), attribute('primary', { type: 'boolean' })],
          several,
        ),
        attribute('active', { type: 'boolean' }),
        complex('groups', [attribute('value'), attribute('display')], { ...several, mutability: 'readOnly' }),
      ],
    },
    {
      id: GROUP_SCHEMA,
      name: 'Group',
      attributes: [
        attribute('displayName', { required: true }),
        attribute('externalId', { caseExact: true }),
        complex('members', [attribute('value', { mutability: 'immutable' }), attribute('display')], several),
      ],
    },
  ].map((schema) => ({
    schemas: [`${SCIM}:Schema`],
    ...schema,
    meta: { resourceType: 'Schema', location: `${base}/Schemas/${schema.id}` },
  }));
