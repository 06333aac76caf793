// diagnostics_channel. That of unenv traces nothing.
'use strict';

const channels = new Map();

class Channel {
    #subscribers = [];
    constructor(name) { this.name = name; }
    get hasSubscribers() { return this.#subscribers.length > 0; }
    subscribe(subscriber) {
        if (typeof subscriber !== 'function') throw Object.assign(new TypeError('The "subscription" argument must be of type function.'), { code: 'ERR_INVALID_ARG_TYPE' });
        this.#subscribers = [...this.#subscribers, subscriber];
    }
    unsubscribe(subscriber) {
        const at = this.#subscribers.indexOf(subscriber);
        if (at < 0) return false;
        this.#subscribers = this.#subscribers.toSpliced(at, 1);
        return true;
    }
    publish(message) {
        for (const subscriber of this.#subscribers) {
            try {
                subscriber(message, this.name);
            } catch (error) {
                queueMicrotask(() => { throw error; });
            }
        }
    }
    bindStore() {}
    unbindStore() { return false; }
    runStores(context, f, self, ...args) {
        this.publish(context);
        return Reflect.apply(f, self, args);
    }
}

function channel(name) {
    if (!channels.has(name)) channels.set(name, new Channel(name));
    return channels.get(name);
}

const events = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'];

class TracingChannel {
    constructor(names) {
        for (const event of events) this[event] = typeof names === 'string' ? channel(`tracing:${names}:${event}`) : names[event];
    }
    get hasSubscribers() { return events.some((event) => this[event]?.hasSubscribers); }
    subscribe(handlers) { for (const event of events) if (handlers[event]) this[event].subscribe(handlers[event]); }
    unsubscribe(handlers) { return events.every((event) => !handlers[event] || this[event].unsubscribe(handlers[event])); }
    traceSync(f, context = {}, self, ...args) {
        return this.start.runStores(context, () => {
            try {
                context.result = Reflect.apply(f, self, args);
                return context.result;
            } catch (error) {
                context.error = error;
                this.error.publish(context);
                throw error;
            } finally {
                this.end.publish(context);
            }
        });
    }
    #over(context) {
        this.asyncStart.publish(context);
        this.asyncEnd.publish(context);
    }
    tracePromise(f, context = {}, self, ...args) {
        return this.traceSync(() => Promise.resolve(Reflect.apply(f, self, args)).then((result) => {
            context.result = result;
            this.#over(context);
            return result;
        }, (error) => {
            context.error = error;
            this.error.publish(context);
            this.#over(context);
            throw error;
        }), context);
    }
    traceCallback(f, position = -1, context = {}, self, ...args) {
        const callback = args.at(position);
        args.splice(position, 1, (error, result) => {
            if (error) {
                context.error = error;
                this.error.publish(context);
            } else {
                context.result = result;
            }
            this.#over(context);
            Reflect.apply(callback, undefined, [error, result]);
        });
        return this.traceSync(() => Reflect.apply(f, self, args), context);
    }
}

module.exports = {
    Channel, channel, hasSubscribers: (name) => channels.get(name)?.hasSubscribers ?? false,
    subscribe: (name, subscriber) => channel(name).subscribe(subscriber), unsubscribe: (name, subscriber) => channel(name).unsubscribe(subscriber),
    tracingChannel: (names) => new TracingChannel(names),
};
