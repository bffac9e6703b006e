package dev.sluice.bench.spring;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** A body of the queue. */
record LoginEvent(
        @JsonProperty("user_id") String userId,
        @JsonProperty("device_type") @Nullable String deviceType,
        @JsonProperty("ip") String ip,
        @JsonProperty("device_id") String deviceId,
        @JsonProperty("locale") @Nullable String locale,
        @JsonProperty("app_version") String appVersion) {

    /** {@code 2.3.0} becomes 131840, as in the pipeline. */
    int packedVersion() {
        int packed = 0;
        String[] parts = appVersion.split("\\.", -1);
        for (int part = 0; part < 3; part++) {
            packed = packed << 8 | (part < parts.length ? Integer.parseInt(parts[part]) : 0);
        }
        return packed;
    }
}
