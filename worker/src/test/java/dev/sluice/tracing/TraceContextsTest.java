package dev.sluice.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipeline.TraceHeaders;
import io.opentelemetry.api.trace.SpanContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextsTest {

    private static final String TRACE = "5759e988bd862e3fe1be46a994272793";
    private static final String SPAN = "53995c3f42cd8ad8";
    private static final String W3C = "00-" + TRACE + "-" + SPAN + "-01";
    private static final String X_RAY = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=" + SPAN + ";Sampled=1";

    private static Optional<String> read(@Nullable String traceparent, @Nullable String awsTraceHeader) {
        return TraceContexts.of(new TraceHeaders(traceparent, awsTraceHeader))
                .map(context -> context.getTraceId() + " " + context.getSpanId());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                W3C,
                "00-" + TRACE + "-" + SPAN + "-00",
                "01-" + TRACE + "-" + SPAN + "-01",
                "cc-" + TRACE + "-" + SPAN + "-01-what-later-versions-append"
            })
    void readsTraceparent(String text) {
        assertThat(read(text, null)).contains(TRACE + " " + SPAN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                X_RAY,
                "Sampled=0;Parent=" + SPAN + "; Root=1-5759E988-BD862E3FE1BE46A994272793",
                X_RAY + ";Lineage=a87bd80c:1|68fd508a:5;Self=1-67891234-12456789abcdef012345678;other"
            })
    void readsTheHeaderOfXRay(String text) {
        assertThat(read(null, text)).contains(TRACE + " " + SPAN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "canary-4711",
                "ff-" + TRACE + "-" + SPAN + "-01",
                "00-" + TRACE + "-" + SPAN + "-01-more",
                "00-" + TRACE + "-" + SPAN + "-01\n",
                "00-00000000000000000000000000000000-" + SPAN + "-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-5759E988BD862E3FE1BE46A994272793-" + SPAN + "-01",
                "00-" + TRACE + "-" + SPAN,
                "00-" + TRACE + "-" + SPAN + "0-01",
                "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1",
                "Root=1-5759e988-bd862e3fe1be46a99427279;Parent=" + SPAN,
                "Root=2-5759e988-bd862e3fe1be46a994272793;Parent=" + SPAN,
                "Root;Parent;=;;"
            })
    void ignoresWhatIsMalformed(String text) {
        assertThat(read(text, text)).isEmpty();
    }

    @Test
    void takesTheHeaderOfXRayWhereTraceparentIsMalformed() {
        assertThat(read("00-nonsense", X_RAY)).contains(TRACE + " " + SPAN);
        assertThat(read("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", X_RAY))
                .contains("0af7651916cd43dd8448eb211c80319c b7ad6b7169203331");
        assertThat(TraceContexts.of(TraceHeaders.NONE)).isEmpty();
    }

    @Test
    void keepsWhetherTheSenderWasSampled() {
        assertThat(TraceContexts.of(new TraceHeaders(W3C, null)).map(SpanContext::isSampled))
                .contains(true);
        assertThat(TraceContexts.of(new TraceHeaders(null, X_RAY.replace("Sampled=1", "Sampled=0")))
                        .map(SpanContext::isSampled))
                .contains(false);
    }

    @Test
    void showNothingOfTheSender() {
        assertThat(new TraceHeaders("canary-4711", "canary-4711").toString()).doesNotContain("canary");
    }
}
