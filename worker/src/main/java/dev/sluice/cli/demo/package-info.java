/** {@code sluice demo}: the other commands' parts on embedded servers. */
@NullMarked
package dev.sluice.cli.demo;

import org.jspecify.annotations.NullMarked;
