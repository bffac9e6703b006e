/** Tests that hold the documents and the code together: tables, snippets, links, examples, the README's commands. */
@NullMarked
package dev.sluice.docs;

import org.jspecify.annotations.NullMarked;
