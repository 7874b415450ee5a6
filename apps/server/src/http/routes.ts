import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What of a route lies within a scope. */
export type RouteScope = 'rows' | 'asset' | 'secret' | 'certificate' | 'risk' | 'named' | 'none';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The name of what the route does, as policies and the ledger know it. Every route has one. */
    action?: string;
    /** True where it changes state: it then writes a row of the ledger. */
    changes?: boolean;
    /**
     * Where it holds: `rows` cuts what it tells to the scope, `asset` asks whether the asset `:id` is within it, `secret`, `certificate`
     * and `risk` whether all assets of the one that `:id` names are, `named` whether the asset that its body names is; `none` tells
     * nothing of any asset. Absent: only a role that holds everywhere counts.
     */
    scope?: RouteScope;
    /** True where it answers without a session. */
    open?: boolean;
  }
  interface FastifyRequest {
    /** Who asks, as the ledger names them. */
    actor: string;
  }
}

/** What a test sees of a route. */
export interface RouteFact {
  method: string;
  url: string;
  action: string | undefined;
  changes: boolean;
  open: boolean;
  scope: RouteScope | undefined;
}

export const API = '/api/v1';
