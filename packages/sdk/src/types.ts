import type { components, paths } from './generated/schema.ts';

/** What a coach's server reads of the API's answers, as the OpenAPI document has it. */
type Schemas = components['schemas'];

export type Mode = Schemas['NewApiKey']['mode'];
export type ProblemBody = Schemas['Problem'];
export type Settings = Schemas['Settings'];
export type Product = Schemas['Product'];
export type Price = Schemas['Price'];
export type Membership = Schemas['Membership'];
export type Access = Schemas['Access'];
/** What comes by itself. */
export type Next = NonNullable<Access['next']>;
export type Connection = Schemas['Connection'];
export type Checkout = Schemas['Checkout'];
export type Member = Schemas['Member'];
/** What became of a mail. */
export type Mail = Schemas['Mail'];
/** Something that has become true. */
export type Event = Schemas['Event'];
/** The same, with what it was about as that is now. */
export type EventNow = Schemas['EventNow'];
/** What a new price is asked for with. */
export type NewPrice = NonNullable<
  paths['/v1/products/{id}/prices']['post']['requestBody']
>['content']['application/json'];
