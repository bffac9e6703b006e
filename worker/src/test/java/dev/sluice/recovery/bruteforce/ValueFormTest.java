package dev.sluice.recovery.bruteforce;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueFormTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    203.0.113.7                                                      | IPV4
                    203.0.113.7/32                                                   | IPV4
                    2001:db8::1                                                      | IPV6
                    somebody@example.com                                             | EMAIL
                    123-45-6789                                                      | NUMBER
                    d41d8cd98f00b204e9800998ecf8427e                                 | MD5
                    1B2M2Y8AsgTpgAmY7PhCfg==                                         | MD5
                    da39a3ee5e6b4b0d3255bfef95601890afd80709                         | SHA1
                    e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 | SHA256
                    E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855 | SHA256
                    47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=                     | SHA256
                    47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU                      | SHA256
                    z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg== | SHA512
                    AQAAAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA               | TOKEN
                    android                                                          | OTHER
                    2026-11-21                                                       | OTHER
                    10:30:15                                                         | OTHER
                    aa:bb:cc:dd:ee:ff                                                | OTHER
                    2001:db8:0:0:0:0:0:1                                             | IPV6
                    ::ffff:203.0.113.7                                               | IPV6
                    """)
    void isTold(String value, ValueForm form) {
        assertThat(ValueForm.of(value)).isEqualTo(form);
    }
}
