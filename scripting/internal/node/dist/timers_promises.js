"use strict";var __knownSymbol=(name,symbol)=>(symbol=Symbol[name])?symbol:Symbol.for("Symbol."+name);var __await=function(promise,isYieldStar){this[0]=promise,this[1]=isYieldStar},__asyncGenerator=(__this,__arguments,generator)=>{var resume=(k,v,yes,no)=>{try{var x=generator[k](
v),isAwait=(v=x.value)instanceof __await,done=x.done;Promise.resolve(isAwait?v[0]:v).then(y=>isAwait?resume(k==="return"?k:"next",v[1]?{done:y.done,value:y.value}:
y,yes,no):yes({value:y,done})).catch(e=>resume("throw",e,yes,no))}catch(e){no(e)}},method=(k,call,wait2,clear)=>it[k]=x=>(call=new Promise((yes,no,run)=>(run=()=>resume(
k,x,yes,no),q?q.then(run):run())),clear=()=>q===wait2&&(q=0),q=wait2=call.then(clear,clear),call),q,it={};return generator=generator.apply(__this,__arguments),it[__knownSymbol(
"asyncIterator")]=()=>it,method("next"),method("throw"),method("return"),it};function abortError(signal){return Object.assign(new Error("The operation was aborted",{cause:signal.reason}),{code:"ABORT_ERR",name:"AbortError"})}var wait=(start,clear)=>(value,{
signal}={})=>new Promise((resolve,reject)=>{if(signal?.aborted)return reject(abortError(signal));let leave=()=>{clear(timer),reject(abortError(signal))},timer=start(
()=>{signal?.removeEventListener("abort",leave),resolve(value)});signal?.addEventListener("abort",leave,{once:!0})}),after=(delay,value,options)=>wait(f=>setTimeout(
f,delay),clearTimeout)(value,options);exports.setTimeout=after;exports.setImmediate=(value,options)=>wait(f=>setImmediate(f),clearImmediate)(value,options);exports.
setInterval=function(delay,value,options){return __asyncGenerator(this,null,function*(){for(;;)yield new __await(after(delay,void 0,options)),yield value})};exports.
scheduler={wait:(delay,options)=>after(delay,void 0,options),yield:()=>exports.setImmediate()};
