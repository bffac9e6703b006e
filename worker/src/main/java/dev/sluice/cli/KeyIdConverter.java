package dev.sluice.cli;

import dev.sluice.keys.KeyInfo;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A key's id on the command line: eight hex digits, as listed, or decimal. */
final class KeyIdConverter implements ITypeConverter<Integer> {

    @Override
    public Integer convert(String text) {
        return KeyInfo.parseId(text)
                .orElseThrow(() -> new TypeConversionException(
                        "a key id was expected, eight hex digits as sluice keys list shows them"));
    }
}
