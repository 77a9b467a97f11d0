// Names and roles the chat client leaves out, for people who hear the page instead of seeing it.
const NAMES = {
  "#sidebar-trigger-button": "Show or hide the list of analyses",
  "#search-chats-button": "Search your analyses",
  "#new-chat-button": "New analysis",
  "#user-nav-button": "Account",
  "#upload-button": "Add report PDFs",
  "#chat-settings-open-modal": "Research settings",
  "#chat-submit": "Send",
  "#stop-button": "Stop",
  "#chat-input": "Message",
  "#thread-options": "Rename or delete",
  "#side-view-title button": "Close the evidence",
  ".positive-feedback-off, .positive-feedback-on": "Helpful",
  ".negative-feedback-off, .negative-feedback-on": "Not helpful",
  ".ai-message button:has(.lucide-copy)": "Copy",
  "button:has(> .lucide-arrow-down):not([aria-label])": "Scroll to the end",
  'input[type="file"]': "Report PDFs",
};

const set = (node, name, value) => {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
};

const improve = () => {
  for (const [selector, name] of Object.entries(NAMES)) {
    document.querySelectorAll(selector).forEach((node) => set(node, "aria-label", name));
  }
  for (const node of document.querySelectorAll("#thread-options")) set(node, "role", "button");
  for (const node of document.querySelectorAll("#upload-button")) node.removeAttribute("role");
  for (const node of document.querySelectorAll('ul[data-sidebar="menu"]:has(> div)')) set(node, "role", "none");
  for (const node of document.querySelectorAll('div[data-sidebar="sidebar"]')) {
    set(node, "role", "navigation");
    set(node, "aria-label", "Analyses");
  }
  for (const node of document.querySelectorAll('[role="separator"][aria-controls]')) {
    if (!document.getElementById(node.getAttribute("aria-controls"))) node.removeAttribute("aria-controls");
  }
  for (const node of document.querySelectorAll("#starters img")) set(node, "alt", "");
};

let planned = false;
new MutationObserver(() => {
  if (planned) return;
  planned = true;
  requestAnimationFrame(() => {
    planned = false;
    improve();
  });
}).observe(document.documentElement, { childList: true, subtree: true });
