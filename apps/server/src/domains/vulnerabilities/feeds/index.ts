/** Feeds of advisories: folders of mirrors and providers on the network. */
export { feedRoutes } from './routes.ts';
export { FeedRunner } from './runner.ts';
