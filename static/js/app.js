// The page works whole without this file. It only spares the visitor what the live answer makes needless.
document.documentElement.classList.add("js");
