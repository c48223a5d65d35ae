package io.camure.spring.boot.test;

import io.camure.spring.CamureBarrierAction;
import io.camure.spring.CamureFlip;
import io.camure.spring.CamureListener;
import io.camure.spring.CamureListenerErrorHandler;
import io.camure.spring.CamureListeners;
import io.camure.spring.CamureReducer;
import io.camure.spring.boot.autoconfigure.CoordinatorConfigCustomizer;
import io.camure.spring.boot.autoconfigure.MemberConfigCustomizer;
import java.io.IOException;
import java.util.Set;
import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;
import org.springframework.messaging.converter.MessageConverter;

/** Leaves out what has nothing to do with camure. */
final class CamureTypeExcludeFilter extends StandardAnnotationCustomizableTypeExcludeFilter<CamureTest> {

    CamureTypeExcludeFilter(Class<?> testClass) {
        super(testClass);
    }

    @Override
    protected Set<Class<?>> getKnownIncludes() {
        return Set.of(
                CamureListenerErrorHandler.class,
                CoordinatorConfigCustomizer.class,
                MemberConfigCustomizer.class,
                MessageConverter.class);
    }

    @Override
    protected boolean defaultInclude(MetadataReader metadataReader, MetadataReaderFactory metadataReaderFactory)
            throws IOException {
        AnnotationMetadata metadata = metadataReader.getAnnotationMetadata();
        return super.defaultInclude(metadataReader, metadataReaderFactory)
                || metadata.hasAnnotatedMethods(CamureListener.class.getName())
                || metadata.hasAnnotatedMethods(CamureReducer.class.getName())
                || metadata.hasAnnotatedMethods(CamureBarrierAction.class.getName())
                || metadata.isAnnotated(CamureBarrierAction.class.getName())
                || metadata.isAnnotated(CamureFlip.class.getName())
                || metadata.hasAnnotatedMethods(CamureListeners.class.getName());
    }
}
