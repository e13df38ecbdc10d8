/** The streams of one kind of aggregate: `<service>.<aggregate>-<id>`. */
export interface StreamCategory {
  readonly service: string;
  readonly aggregate: string;
  /** `<service>.<aggregate>-`: what every stream name of the category begins with. */
  readonly prefix: string;
  streamName(id: string): string;
  /** The id in a stream name of this category; throws on a name of another one. */
  idOf(streamName: string): string;
}

const NAME = /^[a-z]+(-[a-z]+)*$/;
// Stream names are ASCII without space so that they can be keys, URL segments and file names.
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

/** Names the streams of an aggregate. Both names are kebab-case. */
export function streamCategory(service: string, aggregate: string): StreamCategory {
  if (!NAME.test(service) || !NAME.test(aggregate)) {
    throw new Error(`A stream category needs kebab-case names, not "${service}" and "${aggregate}".`);
  }
  const prefix = `${service}.${aggregate}-`;
  return {
    service,
    aggregate,
    prefix,
    streamName(id) {
      if (!ID.test(id)) throw new Error(`"${id}" cannot be the id of a stream ${prefix}….`);
      return prefix + id;
    },
    idOf(streamName) {
      if (!streamName.startsWith(prefix)) throw new Error(`"${streamName}" is no stream ${prefix}….`);
      return streamName.slice(prefix.length);
    },
  };
}
