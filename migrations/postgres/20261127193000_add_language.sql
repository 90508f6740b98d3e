-- What letters and pages speak to a person. No CHECK: a new language is a file of texts and a word of the program, not a table written anew.
ALTER TABLE subscriber ADD COLUMN language TEXT NOT NULL DEFAULT 'en';
