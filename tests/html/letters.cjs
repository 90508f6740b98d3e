// How the letters are held to the HTML standard: as the pages, but for what mail programs need.
const pages = require("./pages.cjs");

module.exports = {
  ...pages,
  rules: {
    ...pages.rules,
    // Many mail programs drop or rewrite style sheets; only what stands at the element is sure to be drawn.
    "no-inline-style": "off",
    // Outlook on Windows draws by Word and knows the width, spacing and alignment of tables from their attributes only.
    "no-deprecated-attr": "off",
  },
};
