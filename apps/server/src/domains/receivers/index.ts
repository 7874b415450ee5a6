/** Receivers: who is sent alerts by the server itself, numbered and spooled. */
export { ReceiverRounds } from './rounds.ts';
export { receiverRoutes } from './routes.ts';
export { receiverTodo } from './todo.ts';
