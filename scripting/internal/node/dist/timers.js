"use strict";var Timeout=class{#id;#start;#stop;constructor(start,stop2){this.#start=start,this.#stop=stop2,this.#id=start(this)}ref(){return this}unref(){return this}hasRef(){
return!0}refresh(){return this.#stop(this.#id),this.#id=this.#start(this),this}close(){return this.#stop(this.#id),this}[Symbol.toPrimitive](){return this.#id}},
{setTimeout,clearTimeout,setInterval,clearInterval,setImmediate,clearImmediate}=globalThis;exports.setTimeout=(f,...args)=>new Timeout(()=>setTimeout(f,...args),
clearTimeout);exports.setInterval=(f,...args)=>new Timeout(()=>setInterval(f,...args),clearInterval);exports.setImmediate=(f,...args)=>new Timeout(()=>setImmediate(
f,...args),clearImmediate);var stop=clear=>timer=>{timer!=null&&clear(typeof timer=="object"?timer[Symbol.toPrimitive]():timer)};exports.clearTimeout=stop(clearTimeout);
exports.clearInterval=stop(clearInterval);exports.clearImmediate=stop(clearImmediate);Object.defineProperty(exports,"promises",{get:()=>require("timers/promises"),
enumerable:!0,configurable:!0});
