"use strict";var __knownSymbol=(name,symbol)=>(symbol=Symbol[name])?symbol:Symbol.for("Symbol."+name);var __forAwait=(obj,it,method)=>(it=obj[__knownSymbol("asyncIterator")])?it.call(obj):(obj=obj[__knownSymbol("iterator")](),it={},method=(key,fn)=>(fn=obj[key])&&
(it[key]=arg=>new Promise((yes,no,done)=>(arg=fn.call(obj,arg),done=arg.done,Promise.resolve(arg.value).then(value=>yes({value,done}),no)))),method("next"),method(
"return"),it);async function chunks(source){let all=[];try{for(var iter=__forAwait(source),more,temp,error;more=!(temp=await iter.next()).done;more=!1){let chunk=temp.value;all.
push(typeof chunk=="string"?Buffer.from(chunk):chunk)}}catch(temp){error=[temp]}finally{try{more&&(temp=iter.return)&&await temp.call(iter)}finally{if(error)throw error[0]}}
return all}var buffer=async source=>Buffer.concat(await chunks(source)),text=async source=>new TextDecoder().decode(await buffer(source));exports.buffer=buffer;
exports.text=text;exports.json=async source=>JSON.parse(await text(source));exports.arrayBuffer=async source=>{let{buffer:bytes,byteOffset,byteLength}=await buffer(
source);return bytes.slice(byteOffset,byteOffset+byteLength)};exports.blob=async source=>new Blob(await chunks(source));
