package dev.sluice.deploy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Rendered objects as fabric8's models of the Kubernetes API. A field that the API does not have is an error. */
record Manifests(List<HasMetadata> objects, List<Map<String, Object>> custom) {

    private static final Map<String, Class<? extends HasMetadata>> TYPES = Map.ofEntries(
            Map.entry("v1 Namespace", Namespace.class),
            Map.entry("v1 ServiceAccount", ServiceAccount.class),
            Map.entry("v1 ConfigMap", ConfigMap.class),
            Map.entry("v1 Service", Service.class),
            Map.entry("v1 Pod", Pod.class),
            Map.entry("rbac.authorization.k8s.io/v1 Role", Role.class),
            Map.entry("rbac.authorization.k8s.io/v1 RoleBinding", RoleBinding.class),
            Map.entry("apps/v1 Deployment", Deployment.class),
            Map.entry("batch/v1 Job", Job.class),
            Map.entry("batch/v1 CronJob", CronJob.class),
            Map.entry("policy/v1 PodDisruptionBudget", PodDisruptionBudget.class),
            Map.entry("networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class));

    /** Groups that other projects define. */
    private static final List<String> CUSTOM = List.of("keda.sh/", "sparkoperator.k8s.io/");

    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                // The models collect unknown fields, so that a client passes them on.
                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                    return annotated instanceof AnnotatedMember ? Boolean.FALSE : super.hasAnySetter(annotated);
                }
            });

    static Manifests load(List<Map<String, Object>> rendered) {
        List<HasMetadata> objects = new ArrayList<>();
        List<Map<String, Object>> custom = new ArrayList<>();
        for (Map<String, Object> object : rendered) {
            Class<? extends HasMetadata> type = TYPES.get(object.get("apiVersion") + " " + object.get("kind"));
            if (type != null) {
                objects.add(MAPPER.convertValue(object, type));
            } else if (CUSTOM.stream().anyMatch(Objects.toString(object.get("apiVersion"))::startsWith)) {
                custom.add(object);
            } else {
                throw new IllegalArgumentException(
                        object.get("apiVersion") + " " + object.get("kind") + " is not known");
            }
        }
        return new Manifests(objects, custom);
    }

    /** A part of an object of another project that has the form of one of the API's types. */
    static <T> T convert(Object part, Class<T> type) {
        return MAPPER.convertValue(part, type);
    }

    <T extends HasMetadata> List<T> all(Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    <T extends HasMetadata> T only(Class<T> type) {
        List<T> found = all(type);
        if (found.size() != 1) {
            throw new IllegalStateException(found.size() + " objects are a " + type.getSimpleName());
        }
        return found.get(0);
    }

    /** The pods that these objects make. */
    List<PodTemplateSpec> pods() {
        return Stream.of(
                        all(Deployment.class).stream()
                                .map(deployment -> deployment.getSpec().getTemplate()),
                        all(Job.class).stream().map(job -> job.getSpec().getTemplate()),
                        all(CronJob.class).stream()
                                .map(job ->
                                        job.getSpec().getJobTemplate().getSpec().getTemplate()))
                .flatMap(pods -> pods)
                .toList();
    }
}
