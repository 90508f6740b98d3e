// How the pages are held to the HTML standard: html-validate's recommended rules, but for what is said here.
module.exports = {
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    // The standard takes either; ours is written small.
    "doctype-style": ["error", { style: "lowercase" }],
    // Boxes of one group and buttons of one form share their name on purpose: the form is read so.
    "form-dup-name": "off",
    // A button without a type sends its form (HTML 4.10.6), which is what each of ours is for.
    "no-implicit-button-type": "off",
  },
};
