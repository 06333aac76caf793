import{D as Se,E as We,F as qe,I as Ge,J as Ie,K as Ke,L as He,M as e,N as ne,O as T,Q as se,T as U,U as A,W as oe,X as he,Y as ve,Z as Je,_ as xe,a as R,aa as N,ba as w,c as h,ca as X,d as W,da as P,
e as O,ea as ge,fa as ie,g as pe,ha as je,ia as ee,ja as ye,k as M,la as ze,m as I,ma as $e,n as D,na as Te,o as te,q as me,t as _,u as z,v as $,w as Q,z as re}from"./chunk.js";var be=t=>"draft:"+location.host+":"+t,Ce=new Set;function ae(t){let s=Se(be(t));if(s!=="")try{return JSON.parse(s)}catch{return}}function de(t,s){let o=Se(be(t))!=="",r=We(be(t),s===void 0?"":JSON.stringify(
s));return o!==(s!==void 0)&&Ce.forEach(u=>u()),r}function Ee(){let t=be("");return qe(t).map(s=>s.slice(t.length)).sort()}function Ue(t){return Ce.add(t),addEventListener("storage",t),()=>{Ce.delete(
t),removeEventListener("storage",t)}}function Ve({onClose:t,onMade:s}){let o=he("/api/v1/scripts/templates"),r=o.value?.templates??[],[u,i]=h("empty"),[n,p]=h(""),[a,l]=h(""),[S,v]=h(!1),g=r.find(f=>f.name===u)??r[0],d=async f=>{f.preventDefault(),
v(!0),l("");try{let m=await M("/api/v1/scripts/create",{method:"POST",body:{template:g?.name??"empty",name:n}});s(m.plugin)}catch(m){l(D(m)),v(!1)}};return e(ee,{title:"New script",onClose:t,wide:!0,children:e(
"form",{class:"new-script",onSubmit:f=>{d(f)},children:[e("fieldset",{class:"templates",children:[e("legend",{class:"unseen",children:"Begin with"}),r.map(f=>e("label",{class:f.name===g?.name?"chosen":
"",children:[e("input",{type:"radio",name:"template",value:f.name,checked:f.name===g?.name,onChange:()=>{i(f.name),(n===""||r.some(m=>m.name===n))&&p(f.name==="empty"?"":f.name)}}),e("b",{children:f.name}),
e("span",{class:"muted",children:e(T,{of:f.summary})})]},f.name))]}),g!==void 0&&e("div",{class:"template",children:[e("p",{class:"muted",children:[A(g.files.length,"file"),": ",g.files.map(f=>f.path).
join(", ")]}),e("pre",{class:"json",tabIndex:0,"aria-label":"The first file",children:g.files[0]?.text??""}),g.permissions!==""&&e("p",{class:"hint",children:["Needs: ",e(T,{of:g.permissions})]})]}),e(
P,{text:a===""?o.error:a}),e("footer",{children:[e("label",{children:["Name ",e("input",{type:"text",required:!0,value:n,maxLength:100,spellcheck:!1,autocomplete:"off",pattern:"[A-Za-z0-9_.\\-]+",placeholder:"\
my-alert",onInput:f=>p(f.currentTarget.value)})]}),e(w,{kind:"main",type:"submit",busy:S,disabled:S||n==="",children:"Make it"})]})]})})}function q({problem:t,href:s,onGo:o}){let r=(t.path??t.file??"")+(t.line===void 0||t.line===0?"":":"+t.line+(t.column?":"+t.column:""));return e("div",{class:"where where-"+t.severity,children:[e("p",
{children:[e(N,{of:t.severity,text:""})," ",e(T,{of:t.message})," ",o!==void 0?e("button",{type:"button",class:"link place",onClick:o,children:r}):s!==void 0?e("a",{class:"place",href:s,children:r}):e(
"span",{class:"place muted",children:r})]}),t.source!==void 0&&t.source!==""&&e("pre",{class:"excerpt",children:[t.line!==void 0&&t.line>0&&e("span",{class:"muted",children:[t.line," \u2502 "]}),ne(t.
source.trimEnd(),!0)]}),(t.notes??[]).map((u,i)=>e("p",{class:"hint",children:e(T,{of:u})},i))]})}var Me;function le(){let t=new URL("editor.js",import.meta.url).href;return Me??=import(t).catch(s=>{throw Me=void 0,s}),Me}var _e;function Ze(){return _e??=Promise.all([le(),M("/api/v1/scripts/surfac\
e")]).then(([t,s])=>t.know(s)).catch(t=>{throw _e=void 0,t}),_e}function Ye({script:t,scripts:s,writable:o,onGone:r}){let u=ve(5),i=t.permissions,[n,p]=h();return e("div",{class:"about",children:[e("dl",{class:"facts",children:[e("div",{children:[e("dt",{children:"\
State"}),e("dd",{children:[e(N,{of:t.state,text:ue[t.state]}),t.since!==void 0&&e("span",{class:"muted",children:[" for ",He(u-Date.parse(t.since))]})]})]}),e("div",{children:[e("dt",{children:"Runnin\
g"}),e("dd",{children:e("code",{children:t.running||"\u2013"})})]}),e("div",{children:[e("dt",{children:"On disk"}),e("dd",{children:e("code",{children:t.disk||"\u2013"})})]}),e("div",{children:[e("dt",
{children:"Reloads"}),e("dd",{children:[U(t.reloads),t.last_reload!==void 0&&e("span",{class:"muted",children:[", last ",e(ge,{at:t.last_reload,now:u})]})]})]}),e("div",{children:[e("dt",{children:"Ru\
ns"}),e("dd",{children:[U(t.runs),", ",e("a",{href:_([],{plugin:t.name}),children:[U(t.errors)," failed"]})]})]}),e("div",{children:[e("dt",{children:"Takes"}),e("dd",{children:t.p50_ns===void 0||t.p50_ns===
0?e("span",{class:"muted",children:"this version has not run yet"}):e(R,{children:[oe(t.p50_ns)," ",e("span",{class:"muted",children:"or less for half of the runs,"})," ",oe(t.p99_ns)," ",e("span",{class:"\
muted",children:"for 99 of 100"})]})})]}),!t.cursor_unknown&&e("div",{children:[e("dt",{children:"Behind"}),e("dd",{children:t.lag===0?"nothing":A(t.lag,"answer")})]}),t.isolation!==void 0&&e("div",{children:[
e("dt",{children:"Process"}),e("dd",{children:[t.isolation==="none"?"the host\u2019s":t.isolation,(t.deaths??0)>0&&e("span",{class:"muted",children:[", which died ",A(t.deaths,"time")]})]})]}),(t.set_aside??
0)>0&&e("div",{children:[e("dt",{children:"Set aside"}),e("dd",{children:[A(t.set_aside,"answer")," that ended its process twice"]})]}),(t.lost??0)>0&&e("div",{children:[e("dt",{children:"Lost"}),e("d\
d",{children:[A(t.lost,"answer")," gone from the log before it came to them"]})]})]}),t.last_error!==void 0&&t.state!=="live"&&e("section",{children:[e("h3",{children:"Why it is broken"}),e(q,{problem:{
severity:"error",...t.last_error}})]}),(t.warnings??[]).length>0&&e("section",{children:[e("h3",{children:"Warnings"}),t.warnings.map((a,l)=>e(q,{problem:{severity:"warning",...a}},l))]}),e("section",
{children:[e("h3",{children:"Listens to"}),t.registered.length===0&&e("p",{class:"hint",children:"Nothing: it has started no config."}),t.registered.map(a=>e("p",{children:[e("code",{children:a.app_token}),
" ",e("span",{class:"muted",children:[a.environment,":"]})," ",a.listeners.join(", ").replaceAll("_"," ")]},a.app_token+a.environment))]}),e("section",{children:[e("h3",{children:"May"}),e("ul",{class:"\
may",children:[e("li",{children:["fetch from ",i.any_public_host?"every public address":i.hosts.length===0?"nowhere":i.hosts.map((a,l)=>e(R,{children:[l>0&&", ",e("code",{children:e(T,{of:a})})]}))]}),
e("li",{children:["read ",i.env.length===0?"no variable of the environment":i.env.map((a,l)=>e(R,{children:[l>0&&", ",e("code",{children:e(T,{of:a})})]}))]}),e("li",{children:["run for ",oe(i.timeout_ms*
1e6)," for each answer"]})]}),e("p",{class:"hint",children:["Granted in the configuration file, below ",e("code",{children:["plugins: ",t.name]}),"."]})]}),o&&e("p",{class:"actions",children:[e(w,{onClick:()=>p(
"rename"),children:"Rename\u2026"}),e(w,{kind:"danger",icon:"trash",onClick:()=>p("delete"),children:"Delete\u2026"})]}),n!==void 0&&e(vt,{script:t,scripts:s,what:n,onClose:()=>p(void 0),onGone:r})]})}
function vt({script:t,scripts:s,what:o,onClose:r,onGone:u}){let[i,n]=h(t.name),[p,a]=h(""),[l,S]=h(!1),v=t.files[0]??t.name,g=v.includes("/")?v.slice(0,v.indexOf("/")):void 0,d=async m=>{m.preventDefault(),
S(!0),a("");try{let y=g??v,x=g===void 0?(await M("/api/v1/scripts/file"+I({path:y}))).version:(await M("/api/v1/scripts/folder"+I({path:y}))).version;if(o==="rename"){let L=g===void 0?i+v.slice(v.lastIndexOf(
".")):i,{renamed:C}=await M("/api/v1/scripts/rename",{method:"POST",body:{path:y,to:L,version:x}});for(let{from:B,to:V}of C)de(V,ae(B)),de(B,void 0);u(i)}else{let{deleted:L}=await M("/api/v1/scripts/f\
ile"+I({path:y,version:x}),{method:"DELETE"});L.forEach(C=>de(C,void 0)),u(void 0)}}catch(y){a(D(y)),S(!1)}},f=g!==void 0&&s.files.some(m=>m.folder&&m.path.startsWith(g+"/"));return e(ee,{title:o==="r\
ename"?`Rename ${t.name}`:`Delete ${t.name}?`,onClose:r,children:e("form",{class:"move",onSubmit:m=>{d(m)},children:[o==="rename"?e(R,{children:[e("label",{children:["New name ",e("input",{type:"text",
required:!0,value:i,maxLength:100,spellcheck:!1,pattern:"[A-Za-z0-9_.\\-]+",onInput:m=>n(m.currentTarget.value)})]}),e("p",{class:"hint",children:"To the host, a renamed plugin is a new one: it begins\
 with the next answer and an empty localStorage. What was kept stays under the old name. Rights in the configuration stay with the old name, too."})]}):e(R,{children:[e("p",{children:[g===void 0?e(R,{
children:["The file ",e("code",{children:v})," is removed from the disk."]}):e(R,{children:["The folder ",e("code",{children:g})," is removed from the disk with ",A(t.files.length,"file"),f&&" and its\
 packages","."]})," There is no way back here."]}),e("p",{class:"hint",children:["Its place in the log and its localStorage are kept until ",e("code",{children:["trackhook plugin forget ",t.name]}),"."]})]}),
e(P,{text:p}),e("footer",{children:[e(w,{onClick:r,children:"Cancel"}),e(w,{type:"submit",kind:o==="delete"?"danger":"main",busy:l,disabled:l||o==="rename"&&i===t.name,children:o==="delete"?"Delete it":
"Rename"})]})]})})}function Qe({conflict:t,onText:s,onSave:o,onTheirs:r,onClose:u,saving:i,writable:n}){let p=O(null),a=O(null),l=O(null),S=O(void 0),[v,g]=h(""),[d,f]=h(t.yours?.text??""),[m,y]=h(),x=t.theirs?.text??"",
L=t.theirs?.version??"",C=t.yours?.text??"";W(()=>{let Z=!1;return le().then(j=>{Z||(S.current=j.openMerge({base:p.current,theirs:a.current,yours:l.current},{path:t.path,base:t.base?.text??"",theirs:x,
yours:C,onChange:f,onSave:()=>J.current()}))},j=>g(D(j))),()=>{Z=!0,S.current?.end()}},[t]);let B=()=>{le().then(Z=>{let j=Z.merge(t.base?.text??"",x,C);y(j.disputed),S.current?.setText(j.text)})},V=/^(<{7} |={7}$|>{7} )/m.
test(d),J=O(()=>{});return J.current=()=>{s(d,L,x),o()},e("div",{class:"changed",children:[e("header",{class:"panel-bar",children:[e("p",{children:[e("b",{children:t.theirs===null?"The file was delete\
d while you edited it.":"The file changed on disk while you edited it."})," ",e("span",{class:"muted",children:[t.theirs!==null&&"At "+Ke(t.theirs.modified)+". ","Nothing is overwritten before you say\
 so."]})]}),e("div",{class:"bar-end",children:[t.theirs!==null&&e(w,{onClick:B,children:"Merge both"}),t.theirs!==null&&e(w,{onClick:r,children:"Take what is on disk"}),e(w,{onClick:()=>{s(d,t.base?.version??
"",t.base?.text??""),u()},children:"Later"}),n&&e(w,{kind:"main",busy:i,disabled:i||V,onClick:()=>J.current(),children:"Save yours"})]})]}),e(P,{text:v}),m!==void 0&&e("p",{class:"hint",role:"status",
children:m===0?"Both changes are in: look at it, and save.":A(m,"place")+" changed on both sides: choose between the marks, and take them away."}),e("div",{class:"three",children:[e("section",{children:[
e("h3",{children:"When you began"}),e("div",{class:"editor",ref:p})]}),e("section",{children:[e("h3",{children:"On disk now"}),e("div",{class:"editor",ref:a})]}),e("section",{children:[e("h3",{children:"\
Yours"}),e("div",{class:"editor",ref:l})]})]})]})}function Xe({script:t,scripts:s,at:o,drafts:r}){let u=re(),[i,n]=h(!1),p=t.files[0]??"",a=p.includes("/")?p.slice(0,p.indexOf("/")+1):"",l=t.files.slice().sort(),S=new Set,v=l.flatMap(d=>{let f=d.slice(
a.length).split("/"),m=f.slice(0,-1).map((y,x)=>f.slice(0,x+1).join("/")).filter(y=>!S.has(y));return m.forEach(y=>S.add(y)),[...m.map(y=>({name:y.split("/").at(-1),depth:y.split("/").length-1,path:""})),
{name:f.at(-1),depth:f.length-1,path:d}]}),g=d=>s.files.find(f=>f.path===d);return e("nav",{class:"files","aria-label":"Files of this script",children:[e("ul",{children:v.map((d,f)=>e("li",{class:"dep\
th-"+Math.min(d.depth,4),children:d.path===""?e("span",{class:"folder",children:[e(xe,{name:"folder"}),e(T,{of:d.name})]}):e("a",{href:_(["scripts",t.name],{file:d.path===p?void 0:d.path}),"aria-curre\
nt":d.path===o?"page":void 0,title:g(d.path)?.why,children:[e(xe,{name:"file"}),e("span",{children:e(T,{of:d.name})}),r.includes(d.path)&&e("span",{class:"tag",children:"draft"})]})},f))}),u.edit&&s.folder.
writable&&a!==""&&e(w,{kind:"plain",icon:"plus",onClick:()=>n(!0),children:"File"}),i&&e(gt,{folder:a,onClose:()=>n(!1),onMade:d=>{n(!1),z(_(["scripts",t.name],{file:d}))}})]})}function gt({folder:t,onClose:s,
onMade:o}){let[r,u]=h(""),[i,n]=h(""),p=async a=>{a.preventDefault();try{let l=await M("/api/v1/scripts/file"+I({path:t+r}),{method:"PUT",body:{text:"",version:""}});o(l.path)}catch(l){n(D(l))}};return e(
ee,{title:"New file",onClose:s,children:e("form",{class:"move",onSubmit:a=>{p(a)},children:[e("label",{children:["Name ",e("input",{type:"text",required:!0,value:r,maxLength:200,spellcheck:!1,placeholder:"\
lib/format.js",onInput:a=>u(a.currentTarget.value)})]}),e(P,{text:i}),e("footer",{children:[e(w,{onClick:s,children:"Cancel"}),e(w,{type:"submit",kind:"main",disabled:r==="",children:"Make it"})]})]})})}function yt(t){return`import { expect, plugin, test } from "trackhook/test";

test("hears an event that was delivered", async () => {
  const p = await plugin.load("./${t}");
  await p.eventSuccess({ eventToken: "abc123", message: "OK" });
  expect(p.text).toContain(""); // what it has printed
});
`}function tt({script:t,files:s,may:o,writable:r,onGo:u,onMade:i}){let n=t.name,[p,a]=h(),[l,S]=h(""),[v,g]=h(!1),d=O(void 0);W(()=>()=>d.current?.abort(),[]);let f=async()=>{d.current?.abort(),d.current=
new AbortController,g(!0),S("");try{a(await M("/api/v1/scripts/test",{method:"POST",body:{plugin:n,files:s()},signal:d.current.signal}))}catch(y){te(y)||S(y instanceof pe&&y.title==="No tests"?"This p\
lugin has no tests yet.":D(y))}g(!1)};if(t.tests.length===0){let y=t.files[0]??n+".js",x=y.replace(/\.[^./]+$/,".test.js"),L=async()=>{S("");try{await M("/api/v1/scripts/file"+I({path:x}),{method:"PUT",
body:{text:yt(y.slice(y.lastIndexOf("/")+1)),version:""}}),i(x)}catch(C){S(D(C))}};return e(X,{title:"No tests yet",children:[e("p",{children:["A file ",e("code",{children:e(T,{of:x})})," beside it fe\
eds answers to the script, and looks at what comes of them. The templates have some."]}),e(P,{text:l}),r&&e(w,{icon:"plus",onClick:()=>{L()},children:"Make one to begin with"})]})}let m=p?.summary;return e(
"div",{class:"tests",children:[e("header",{class:"panel-bar",children:[e(w,{kind:"main",icon:"play",busy:v,disabled:v||!o,onClick:()=>{f()},children:v?"Running\u2026":"Run tests"}),m!==void 0&&e("p",{
role:"status",children:[e(N,{of:m.failed>0?"failed":"passed",text:m.failed>0?A(m.failed,"test")+" failed":A(m.passed,"test")+" passed"}),m.failed>0&&e("span",{class:"muted",children:[" ",m.passed," pa\
ssed"]}),m.skipped+m.todo>0&&e("span",{class:"muted",children:[" ",m.skipped+m.todo," left out"]}),e("span",{class:"muted",children:[" in ",Math.round(p.took_ms)," ms"]})]})]}),e(P,{text:l}),!o&&e("p",
{class:"hint",children:"Running code takes the scope \u201Cscripts\u201D."}),p?.stopped!==void 0&&p.stopped!==""&&e(P,{text:p.stopped}),p?.files.map(y=>e("section",{children:[e("h3",{children:e("code",
{children:e(T,{of:y.file})})}),y.problem!==null&&e(q,{problem:y.problem,onGo:()=>u(y.problem)}),e(et,{lines:y.lines}),e("ul",{children:y.tests.map((x,L)=>e("li",{children:[e("p",{children:[e(N,{of:x.status,
text:""})," ",e(T,{of:x.name.join(" \u203A ")}),x.status!=="passed"&&x.status!=="failed"&&e("span",{class:"muted",children:[" ",x.status]})]}),x.failures.map((C,B)=>e(q,{problem:C,onGo:()=>u(C)},B)),x.
status==="failed"&&e(et,{lines:x.lines})]},L))})]},y.file))]})}function et({lines:t}){return t.length===0?null:e("pre",{class:"printed",tabIndex:0,children:t.map((s,o)=>e("span",{class:"line level-"+s.
level,children:[ne(s.text,!0),`
`]},o))})}var st={same:"same",differs:"differs",now_throws:"throws now",no_longer_throws:"throws no more",unknown:"not compared"},bt=["eventSuccess","eventFailure","sessionSuccess","sessionFailure","response"],
kt=`{
  "eventToken": "abc123",
  "message": "OK",
  "jsonResponse": { "revenue": 9.99 }
}`;function ot({plugin:t,running:s,files:o,may:r,turn:u,onGo:i}){let{params:n}=Q(),p=n.on??(n.seqs!==void 0?"chosen":"last"),a=Number(n.last??100),[l,S]=h(kt),[v,g]=h("eventSuccess"),[d,f]=h(!1),[m,y]=h(),
[x,L]=h(""),[C,B]=h(!1),V=O(void 0);W(()=>()=>V.current?.abort(),[]);let J=JSON.stringify([s,o()]),Z=m!==void 0&&m.of!==J,j=O(null),G=()=>{switch(p){case"typed":return{typed:[{listener:v,response:JSON.
parse(l)}]};case"chosen":return{seqs:(n.seqs??"").split(",").map(Number).filter(k=>k>0)};default:return{last:a,...n.outcome===void 0?{}:{outcome:[n.outcome]},...n.kind===void 0?{}:{kind:[n.kind]},...n.
event_token===void 0?{}:{event_token:[n.event_token]}}}},Y=async()=>{V.current?.abort();let k=new AbortController;V.current=k,B(!0),L("");try{let F=await M("/api/v1/scripts/try",{method:"POST",body:{plugin:t,
files:o(),answers:G(),against:"running",stored:d},signal:k.signal});y({result:F,of:J}),B(!1),requestAnimationFrame(()=>j.current?.scrollIntoView({block:"nearest"}))}catch(F){te(F)||(L(F instanceof SyntaxError?
"What is typed is no JSON: "+F.message:D(F)),B(!1))}},K=O(u);return W(()=>{u!==K.current&&(K.current=u,Y())},[u]),e("div",{class:"try",children:[e("header",{class:"panel-bar",children:[e(w,{kind:"main",
icon:"play",busy:C,disabled:C||!r,onClick:()=>{Y()},children:C?"Trying\u2026":"Try"}),e(ie,{label:"On what",value:p,onPick:k=>$({on:k==="last"?void 0:k}),all:[["last","the last answers"],...n.seqs===void 0?
[]:[["chosen","chosen answers"]],["typed","typed JSON"]]}),p==="last"&&e(ie,{label:"How many",value:String(a),onPick:k=>$({last:k==="100"?void 0:k}),all:[["100","100"],["1","1"],["10","10"],["500","50\
0"]]}),p==="last"&&e(ie,{label:"Outcome",value:n.outcome??"",onPick:k=>$({outcome:k}),all:[["","any outcome"],...ze.map(k=>[k,k.replaceAll("_"," ")])]}),p==="last"&&e(ie,{label:"Kind",value:n.kind??"",
onPick:k=>$({kind:k}),all:[["","any kind"],...$e.map(k=>[k,Te(k)])]}),p==="typed"&&e(ie,{label:"Listener",value:v,onPick:g,all:bt.map(k=>[k,k])}),e("label",{class:"check",title:"Both begin with a copy\
 of what the plugin has stored",children:[e("input",{type:"checkbox",checked:d,onChange:k=>f(k.currentTarget.checked)})," its storage"]})]}),p==="typed"&&e("textarea",{class:"typed","aria-label":"The \
answer, as JSON",value:l,spellcheck:!1,rows:6,onInput:k=>S(k.currentTarget.value)}),!r&&e("p",{class:"hint",children:"Running code takes the scope \u201Cscripts\u201D."}),e(P,{text:x}),m===void 0?x===
""&&e(X,{title:"See what a draft would have done",children:e("p",{children:"It runs, unsaved, on answers that really came, beside the version that runs now. Nothing leaves: what it would have fetched,\
 stored or sent is shown."})}):e("div",{class:"result"+(Z?" old":""),ref:j,children:[Z&&e("p",{class:"strip",role:"status",children:["The script has changed since this was tried. ",e("button",{type:"b\
utton",class:"link strong",disabled:C||!r,onClick:()=>{Y()},children:"Try again"})]}),e(wt,{tried:m.result,onGo:i})]})]})}function wt({tried:t,onGo:s}){let{summary:o}=t,r=o.answers-o.same,[u,i]=h(),n=u??
(r>0?"others":"all"),p=t.answers.filter(a=>n==="all"||a.verdict!=="same");return e(R,{children:[t.draft.problem!==null&&e(R,{children:[e("p",{class:"hint",children:"The draft cannot be loaded:"}),e(q,
{problem:t.draft.problem,onGo:()=>s(t.draft.problem)})]}),e("p",{class:"sum",role:"status",children:[t.draft.problem===null&&(o.answers===0?"No answer passes these filters.":e(R,{children:[e("b",{children:A(
o.answers,"answer")}),["same","differs","now_throws","no_longer_throws","unknown"].filter(a=>o[a]>0).map(a=>e(N,{of:a,text:U(o[a])+" "+(a==="differs"&&o[a]>1?"differ":st[a])},a))]})),e("span",{class:"\
muted",children:[Math.round(t.took_ms)," ms, nothing has left"]})]}),t.against.version===""&&t.against.why!==""&&e("p",{class:"hint",children:e(T,{of:t.against.why})}),t.stopped!==""&&e(P,{text:t.stopped}),
t.cut&&e("p",{class:"hint",children:"There was too much to show all of it."}),t.top_level!==void 0&&(t.top_level.running.length>0||t.top_level.draft.length>0)&&e("details",{class:"compared",open:t.top_level.
verdict!=="same",children:[e("summary",{children:[e(N,{of:t.top_level.verdict,text:""}),e("span",{children:"when it starts"})]}),e(rt,{running:t.top_level.running,draft:t.top_level.draft,tried:t,onGo:s})]}),
r>0&&r<o.answers&&e(ye,{label:"Which",at:n,onPick:i,all:[["others","What differs"],["all","All"]]}),p.slice(0,200).map((a,l)=>e(St,{compared:a,tried:t,open:l<12,onGo:s},a.seq+":"+l)),p.length>200&&e("\
p",{class:"hint",children:[A(p.length-200,"more answer")," not shown."]})]})}function St({compared:t,tried:s,open:o,onGo:r}){return e("details",{class:"compared",open:o,children:[e("summary",{children:[
e(N,{of:t.verdict,text:""}),t.typed?e("span",{children:"typed"}):e(R,{children:[e("span",{class:"muted num",children:Ie(t.at)}),e("span",{children:[Te(t.kind),t.event_token!==void 0&&t.event_token!==""&&
e("b",{class:"token",children:e(T,{of:t.event_token})})]}),e(N,{of:t.outcome})]}),e("span",{class:"verdict-word",children:st[t.verdict]})]}),!t.typed&&e("a",{class:"answer-link",href:_([],{seq:String(
t.seq),id:t.id}),title:"Show the answer",children:["#",t.seq]}),e(rt,{running:t.running,draft:t.draft,tried:s,onGo:r})]})}function rt({running:t,draft:s,tried:o,onGo:r}){let u=new Set(t.map(n=>n.text)),
i=new Set(s.map(n=>n.text));return e("div",{class:"sides"+(o.against.version===""?" one":""),children:[o.against.version!==""&&e(nt,{title:"Running",version:o.against.version,acts:t,others:i,mark:"gon\
e",onGo:r}),e(nt,{title:"Draft",version:o.draft.version,acts:s,others:u,mark:"new",onGo:r})]})}var xt={line:"prints",fetch:"fetches",stored:"stores",tracked:"sends",error:"throws"};function nt({title:t,
version:s,acts:o,others:r,mark:u,onGo:i}){return e("div",{class:"side",children:[e("h4",{children:[t," ",e("code",{class:"version",children:s})]}),o.length===0&&e("p",{class:"hint",children:"does noth\
ing"}),o.map((n,p)=>e("div",{class:"act act-"+n.type+(r.has(n.text)?"":" "+u),children:[e("span",{class:"act-word",children:xt[n.type]}),n.problem===void 0&&e("pre",{class:n.level===void 0?"":"level-"+
n.level,children:ne(n.type==="fetch"?n.text.replace(/^fetch /,""):n.text.replace(/^(store|track|throws) /,""),!0)}),n.fetch?.body!==void 0&&n.fetch.body!==""&&e("pre",{class:"body",children:ne(n.fetch.
body,!0)}),n.problem!==void 0&&e(q,{problem:n.problem,onGo:()=>i(n.problem)})]},p))]})}function it({name:t,scripts:s}){let{params:o}=Q(),r=s.value,u=r?.plugins.find(n=>n.name===t),i=o.file??u?.files[0]??"";return r===void 0?e("div",{class:"page",children:e(P,{text:s.error,again:s.again})}):
i===""||t!==""&&u===void 0?e("div",{class:"page",children:e(X,{title:u===void 0?"There is no such script":"Its file is gone",children:e("p",{children:[u===void 0?"It may have been renamed or deleted.":
"What it stored and its place in the log are kept until it is forgotten."," ",e("a",{href:_(["scripts"]),children:"All scripts"})]})})}):e(Tt,{path:i,name:t,scripts:r,again:s.again},i)}function Tt({path:t,
name:s,scripts:o,again:r}){let{params:u}=Q(),i=re(),n=o.plugins.find(c=>c.name===s),p=o.files.find(c=>c.path===t),a=Pe(),[l,S]=h(),[v,g]=h(()=>ae(t)),[d,f]=h(""),[m,y]=h(!1),[x,L]=h(),[C,B]=h(),[V,J]=h(
!1),[Z,j]=h(0),G=O(void 0),Y=O(null),K=O({draft:v,file:l});K.current={draft:v,file:l};let k=p?.version??"";W(()=>{if(l!==void 0&&l.version===k)return;let c=new AbortController;return M("/api/v1/script\
s/file"+I({path:t}),{signal:c.signal}).then(b=>{S(b),f("");let E=K.current.draft;E===void 0?G.current?.setText(b.text):E.text===b.text&&F(void 0)},b=>{te(b)||f(D(b))}),()=>c.abort()},[t,k]);let F=c=>{
K.current.draft=c,g(c),!de(t,c)&&c!==void 0&&f("The browser keeps no drafts for this page: save before you close the tab.")},at=c=>{let{draft:b,file:E}=K.current;if(b===void 0&&E===void 0)return;L(void 0);
let H=b??{version:E.version,base:E.text};if(c===H.base&&H.version===E?.version){F(void 0);return}F({text:c,version:H.version,base:H.base,at:new Date().toISOString()})},De=l!==void 0||v!==void 0&&d!=="",
Ne=l===void 0||l.editable,Be=!i.edit||!o.folder.writable,ce=O(()=>{});W(()=>{if(!De||Y.current===null||C!==void 0)return;let c=!1;return le().then(b=>{c||Y.current===null||(G.current=b.openEditor(Y.current,
{path:t,text:K.current.draft?.text??K.current.file?.text??"",label:"Text of "+t,readOnly:!Ne&&!Be,known:void 0,onChange:at,onSave:()=>ce.current(),onTry:Ae}),u.line!==void 0&&G.current.goTo(Number(u.line),
Number(u.column??1)),Ze().then(E=>G.current?.setKnown(E),()=>{}),j(E=>E+1))},b=>f("The editor cannot be loaded: "+D(b))),()=>{c=!0,G.current?.end(),G.current=void 0}},[De,t,C===void 0]),ce.current=()=>{
(async()=>{let c=K.current.draft;if(!(c===void 0||m||!i.edit)){y(!0),f("");try{let b=await M("/api/v1/scripts/file"+I({path:t}),{method:"PUT",body:{text:c.text,version:c.version}});S(H=>({...H??Ct(t),
text:c.text,version:b.version}));let E=K.current.draft;F(E===void 0||E.text===c.text?void 0:{...E,version:b.version,base:c.text}),L({kind:b.unchanged?"unchanged":"saved",version:b.version}),B(void 0);
for(let H=1;H<=8;H++)setTimeout(r,H*250)}catch(b){if(b instanceof pe&&b.status===409&&b.body.conflict!==void 0){let E=b.body.conflict;B({...E,base:E.base??{version:c.version,text:c.base}})}else f(D(b))}
y(!1)}})()};let Oe=Pt(n?.name,t,v,i.scripts,a),dt=v===void 0&&n!==void 0&&n.state!=="live"&&n.last_error!==void 0?[{severity:"error",...n.last_error}]:[],ke=v===void 0?dt:Oe.found,lt=ke.filter(c=>Mt(c,
t)),Re=JSON.stringify(lt.map(({severity:c,message:b,line:E,column:H,length:mt,notes:ht})=>({severity:c,message:b,line:E??1,column:H??1,length:mt??0,notes:ht??[]})));W(()=>{G.current?.setMarks(JSON.parse(
Re))},[Re,Z]);let we=c=>{let b=Et(c,o);b!==void 0&&b!==t?z(_(["scripts",s],{file:b,line:String(c.line??1),column:String(c.column??1),panel:u.panel})):G.current?.goTo(c.line??1,c.column??1)},[ct,ut]=h(
0),Ae=()=>{s!==""&&($({panel:void 0}),ut(c=>c+1))};me([{key:"mod+s",does:"save",typing:!0,act:()=>ce.current()},{key:"mod+Enter",does:"try the draft",typing:!0,act:Ae},{key:"e",does:"to the editor",act:()=>G.
current?.focus()},{key:"/",does:"find in the text",act:()=>G.current?.find()},{key:"Escape",does:"back to all scripts",act:()=>z(_(["scripts"]))}]);let Le=()=>Object.fromEntries((n?.files??[t]).concat(
t).flatMap(c=>{let b=c===t?K.current.draft:ae(c);return b===void 0?[]:[[c,b.text]]})),ft=v!==void 0&&l!==void 0&&v.version!==l.version,Fe=i.edit&&o.folder.writable&&Ne,fe=u.panel??"try",pt=()=>B({path:t,
base:{version:v.version,text:v.base},theirs:l===void 0?null:{version:l.version,text:l.text,modified:l.modified},yours:{text:v.text}});return e("div",{class:"page workspace",children:[e("header",{class:"\
bar",children:[e("h1",{class:"crumbs",children:[e("a",{href:_(["scripts"]),children:"Scripts"}),e("span",{class:"muted",children:"/"}),e(T,{of:s===""?t:s})]}),n!==void 0&&e(_t,{script:n,note:x,draft:v!==
void 0,checking:Oe.busy}),e("div",{class:"bar-end",children:[v!==void 0&&e(w,{kind:"plain",onClick:()=>J(!0),children:"Discard draft"}),Fe&&e(w,{kind:"main",busy:m,disabled:m||v===void 0||C!==void 0,onClick:()=>ce.
current(),children:m?"Saving\u2026":"Save"})]})]}),e(P,{text:d}),i.scripts&&!i.edit&&e("p",{class:"strip",children:[se(i.why)||"Scripts cannot be changed here."," Drafts can be tried, and not saved."]}),
i.edit&&!o.folder.writable&&e("p",{class:"strip",children:[se(o.folder.why)||"This folder cannot be written to."," Drafts can be tried, and not saved."]}),l!==void 0&&!l.editable&&!Be&&e("p",{class:"s\
trip",children:se(l.why)}),ft&&C===void 0&&e("p",{class:"strip",role:"status",children:["The file has changed on disk since you began to edit it. ",e("button",{type:"button",class:"link strong",onClick:pt,
children:"Compare and merge"})]}),p===void 0&&l!==void 0&&e("p",{class:"strip",role:"status",children:["The file is not on disk any more. ",v===void 0?"":"Saving makes it again."]}),e("div",{class:"de\
sk",children:[(n?.files.length??0)>1&&e(Xe,{script:n,scripts:o,at:t,drafts:a}),C!==void 0?e(Qe,{conflict:C,onText:(c,b,E)=>F({text:c,version:b,base:E,at:new Date().toISOString()}),onSave:()=>ce.current(),
onTheirs:()=>{F(void 0),B(void 0),r()},onClose:()=>B(void 0),saving:m,writable:Fe}):e("div",{class:"editor-side",children:[e("div",{class:"editor",ref:Y}),ke.length>0&&e("div",{class:"problems",role:"\
status","aria-label":"Problems",children:ke.slice(0,20).map((c,b)=>e(q,{problem:c,onGo:()=>we(c)},b))})]}),n!==void 0&&C===void 0&&e("div",{class:"panel",children:[e(ye,{label:"Beside the text",at:fe,
onPick:c=>$({panel:c==="try"?void 0:c}),all:[["try","Try"],["tests","Tests"],["about","About"]]}),fe==="try"&&e(ot,{plugin:s,running:n.running,files:Le,may:i.scripts,turn:ct,onGo:we}),fe==="tests"&&e(
tt,{script:n,files:Le,may:i.scripts,writable:i.edit&&o.folder.writable,onGo:we,onMade:c=>{r(),z(_(["scripts",s],{file:c,panel:"tests"}))}}),fe==="about"&&e(Ye,{script:n,scripts:o,writable:i.edit&&o.folder.
writable,onGone:c=>{r(),z(_(c===void 0?["scripts"]:["scripts",c]))}})]})]}),V&&e(ee,{title:"Discard this draft?",onClose:()=>J(!1),children:[e("p",{children:"What lies on disk is shown again. What you\
 typed is gone."}),e("footer",{children:[e(w,{onClick:()=>J(!1),children:"Keep it"}),e(w,{kind:"danger",onClick:()=>{J(!1),F(void 0),B(void 0),G.current?.setText(l?.text??"")},children:"Discard it"})]})]})]})}
function Ct(t){return{path:t,plugin:"",test:!1,version:"",text:"",size:0,modified:"",mode:"",line_ends:"lf",byte_order_mark:!1,editable:!0,why:""}}function Et(t,s){let o=t.path??t.file?.replace(s.folder.
name+"/","");return s.files.find(r=>r.path===o)?.path}function Mt(t,s){return t.line!==void 0&&t.line>0&&(t.path===s||t.path===void 0&&(t.file===s||(t.file??"").endsWith("/"+s)))}function _t({script:t,
note:s,draft:o,checking:r}){let u=t.disk!==t.running;return e("p",{class:"state",role:"status",children:[o?e(N,{of:"draft",text:r?"draft, checking\u2026":"draft, not saved"}):s!==void 0&&e(N,{of:"save\
d",text:s.kind==="unchanged"?"the disk had it already":"saved"}),e(N,{of:t.state,text:t.state==="live"?u?"loading "+t.disk:"runs "+t.running:ue[t.state]}),t.state==="broken_edit"&&e("span",{class:"mut\
ed",children:["version ",t.running," keeps running"]})]})}function Pt(t,s,o,r,u){let[i,n]=h([]),[p,a]=h(!1),l=Je(o?.text,350);return W(()=>{if(t===void 0||l===void 0||!r){n([]),a(!1);return}let S=new AbortController;
a(!0);let v=Object.fromEntries(u.flatMap(g=>{let d=ae(g);return d===void 0?[]:[[g,d.text]]}));return M("/api/v1/scripts/check",{method:"POST",body:{plugin:t,files:{...v,[s]:l}},signal:S.signal}).then(
g=>{n(g.problems),a(!1)},g=>{te(g)||(n([{severity:"warning",message:"The draft was not checked: "+D(g)}]),a(!1))}),()=>S.abort()},[t,s,l,r]),{found:o===void 0?[]:i,busy:p}}function ys(){let{path:t,params:s}=Q(),o=t[1]!==void 0||s.file!==void 0,r=he("/api/v1/scripts",o?2:3),[u,i]=h(!1);return e(R,{children:[o?e(it,{name:t[1]??"",scripts:r},t[1]??""):e(Dt,{scripts:r.value,
error:r.error,again:r.again,onNew:()=>i(!0)}),u&&e(Ve,{onClose:()=>i(!1),onMade:n=>{i(!1),r.again(),z(_(["scripts",n]))}})]})}var ue={loading:"loading",standby:"stands by",live:"runs",broken_edit:"bro\
ken edit",broken:"broken",quarantined:"set aside",removed:"removed"};function Pe(){let[t,s]=h(Ee);return W(()=>Ue(()=>s(Ee())),[]),t}function Dt({scripts:t,error:s,again:o,onNew:r}){let{params:u}=Q(),
i=re();Ge();let n=ve(5),p=Pe(),a=(u.find??"").toLowerCase(),l=(t?.plugins??[]).filter(d=>d.name.toLowerCase().includes(a)),S=(t?.files??[]).filter(d=>(d.plugin??"")===""&&!d.folder&&d.path.toLowerCase().
includes(a)),v=i.edit&&(t?.folder.writable??!1),g=d=>{let f=[...document.querySelectorAll(".plugins th a")],m=f.indexOf(document.activeElement);f[m<0?0:Math.max(0,Math.min(m+d,f.length-1))]?.focus()};
return me([{key:"j",does:"next script below; Enter opens it",act:()=>g(1)},{key:"k",does:"next script above",act:()=>g(-1)},...v?[{key:"n",does:"new script",act:r}]:[]]),e("div",{class:"page scripts",
children:[e("header",{class:"bar",children:[e("h1",{children:"Scripts"}),e(je,{label:"Find a script",value:u.find??"",onFind:d=>$({find:d})}),e("div",{class:"bar-end",children:v&&e(w,{icon:"plus",kind:"\
main",onClick:r,children:"New script"})})]}),e("div",{class:"scroll",children:[e(P,{text:s,again:o}),i.scripts&&!i.edit&&i.why!==""&&e("p",{class:"notice",children:se(i.why)}),t!==void 0&&!t.folder.writable&&
t.folder.why!==""&&e("p",{class:"notice",children:[se(t.folder.why)," ",t.folder.present?"You can try drafts here, and not save them.":"Make it, and what you drop in runs at once."]}),t!==void 0&&t.plugins.
length===0&&e(X,{title:"No scripts yet",children:[e("p",{children:["A script hears every answer and can react to it. Drop one into ",e("code",{children:t.folder.path}),v?", or begin with a template":"",
"; it runs the moment it is saved."]}),v&&e(w,{kind:"main",icon:"plus",onClick:r,children:"New script"})]}),l.length>0&&e("div",{class:"table-room",tabIndex:0,role:"region","aria-label":"Plugins",children:e(
"table",{class:"grid plugins",children:[e("thead",{children:e("tr",{children:[e("th",{scope:"col",children:"Script"}),e("th",{scope:"col",children:"State"}),e("th",{scope:"col",children:"Running"}),e(
"th",{scope:"col",children:"On disk"}),e("th",{scope:"col",children:"Reloaded"}),e("th",{scope:"col",class:"num",children:"Runs"}),e("th",{scope:"col",class:"num",children:"Failed"}),e("th",{scope:"co\
l",class:"num",title:"Half of the runs took less",children:"p50"}),e("th",{scope:"col",class:"num",title:"99 of 100 runs took less",children:"p99"}),e("th",{scope:"col",class:"num",title:"Answers in t\
he log that it has not come to yet",children:"Behind"})]})}),e("tbody",{children:l.map(d=>e(Nt,{plugin:d,now:n,draft:d.files.some(f=>p.includes(f))},d.name))})]})}),S.length>0&&e("section",{class:"blo\
ck others",children:[e("h2",{children:["Other files ",e("span",{class:"muted",children:"of the folder, which are no plugins"})]}),e("ul",{children:S.map(d=>e("li",{children:[d.editable?e("a",{class:"m\
ono",href:_(["scripts"],{file:d.path}),children:e(T,{of:d.path})}):e("span",{class:"mono muted",title:d.why,children:e(T,{of:d.path})}),p.includes(d.path)&&e("span",{class:"tag",children:"draft"})]},d.
path))})]}),t?.truncated&&e("p",{class:"hint",children:"There are more files than are shown."}),t!==void 0&&e("p",{class:"hint",children:["Folder: ",e("code",{children:e(T,{of:t.folder.path})}),". Fil\
es that you edit there and files that you edit here are the same."]})]})]})}function Nt({plugin:t,now:s,draft:o}){let r=_(["scripts",t.name]),u=t.state!=="live"&&t.last_error!==void 0;return e(R,{children:[
e("tr",{class:u?"with-problem":"",onClick:i=>{i.target.closest("a")||z(r)},children:[e("th",{scope:"row",children:[e("a",{href:r,children:e("b",{children:e(T,{of:t.name})})}),o&&e("span",{class:"tag",
children:"draft"})]}),e("td",{children:e(N,{of:t.state,text:ue[t.state]})}),e("td",{class:"mono",children:t.running||"\u2013"}),e("td",{class:"mono"+(t.disk===t.running?" muted":""),children:t.disk||"\
\u2013"}),e("td",{children:e(ge,{at:t.last_reload??t.since,now:s})}),e("td",{class:"num",children:U(t.runs)}),e("td",{class:"num"+(t.errors===0?" zero":" bad"),children:t.errors===0?0:e("a",{href:_([],
{plugin:t.name}),children:U(t.errors)})}),e("td",{class:"num",children:oe(t.p50_ns)}),e("td",{class:"num",children:oe(t.p99_ns)}),e("td",{class:"num"+(t.lag===0?" zero":""),children:t.cursor_unknown?"\
\u2013":U(t.lag)})]}),u&&e("tr",{class:"problem-row",children:e("td",{colSpan:10,children:e(q,{problem:{severity:"error",...t.last_error},href:_(["scripts",t.name])+I({line:t.last_error.line,column:t.
last_error.column})})})}),(t.warnings??[]).map((i,n)=>e("tr",{class:"problem-row",children:e("td",{colSpan:10,children:e(q,{problem:{severity:"warning",...i},href:r})})},n))]})}export{ys as ScriptsPage,ue as states,Pe as useDrafts};
