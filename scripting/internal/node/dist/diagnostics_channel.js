"use strict";var channels=new Map,Channel=class{#subscribers=[];constructor(name){this.name=name}get hasSubscribers(){return this.#subscribers.length>0}subscribe(subscriber){
if(typeof subscriber!="function")throw Object.assign(new TypeError('The "subscription" argument must be of type function.'),{code:"ERR_INVALID_ARG_TYPE"});this.#subscribers=
[...this.#subscribers,subscriber]}unsubscribe(subscriber){let at=this.#subscribers.indexOf(subscriber);return at<0?!1:(this.#subscribers=this.#subscribers.toSpliced(
at,1),!0)}publish(message){for(let subscriber of this.#subscribers)try{subscriber(message,this.name)}catch(error){queueMicrotask(()=>{throw error})}}bindStore(){}unbindStore(){
return!1}runStores(context,f,self,...args){return this.publish(context),Reflect.apply(f,self,args)}};function channel(name){return channels.has(name)||channels.
set(name,new Channel(name)),channels.get(name)}var events=["start","end","asyncStart","asyncEnd","error"],TracingChannel=class{constructor(names){for(let event of events)
this[event]=typeof names=="string"?channel(`tracing:${names}:${event}`):names[event]}get hasSubscribers(){return events.some(event=>this[event]?.hasSubscribers)}subscribe(handlers){
for(let event of events)handlers[event]&&this[event].subscribe(handlers[event])}unsubscribe(handlers){return events.every(event=>!handlers[event]||this[event].unsubscribe(
handlers[event]))}traceSync(f,context={},self,...args){return this.start.runStores(context,()=>{try{return context.result=Reflect.apply(f,self,args),context.result}catch(error){
throw context.error=error,this.error.publish(context),error}finally{this.end.publish(context)}})}#over(context){this.asyncStart.publish(context),this.asyncEnd.publish(
context)}tracePromise(f,context={},self,...args){return this.traceSync(()=>Promise.resolve(Reflect.apply(f,self,args)).then(result=>(context.result=result,this.#over(
context),result),error=>{throw context.error=error,this.error.publish(context),this.#over(context),error}),context)}traceCallback(f,position=-1,context={},self,...args){
let callback=args.at(position);return args.splice(position,1,(error,result)=>{error?(context.error=error,this.error.publish(context)):context.result=result,this.#over(
context),Reflect.apply(callback,void 0,[error,result])}),this.traceSync(()=>Reflect.apply(f,self,args),context)}};module.exports={Channel,channel,hasSubscribers:name=>channels.
get(name)?.hasSubscribers??!1,subscribe:(name,subscriber)=>channel(name).subscribe(subscriber),unsubscribe:(name,subscriber)=>channel(name).unsubscribe(subscriber),
tracingChannel:names=>new TracingChannel(names)};
