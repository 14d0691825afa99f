# Installation, and a Debian package of it (./dev package). ONNX Runtime is no Debian package, so it comes along, in a
# folder of its own; so do the models.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)  # ./dev package builds what it packs
set(piste_private_libraries lib/piste)
set(piste_programs referee_service referee referee_client_streaming referee_client smart_referee_client referee_box)
set_target_properties(${piste_programs} PROPERTIES INSTALL_RPATH "$ORIGIN/../${piste_private_libraries}")
install(TARGETS ${piste_programs} RUNTIME DESTINATION bin)
install(TARGETS referee_decoder RUNTIME DESTINATION ${piste_private_libraries})

file(REAL_PATH ${ONNXRUNTIME_LIBRARY} onnxruntime_file)
install(FILES ${onnxruntime_file} DESTINATION ${piste_private_libraries} RENAME libonnxruntime.so.1
  PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
install(DIRECTORY models/ DESTINATION share/piste/models)
install(FILES deploy/piste.service DESTINATION lib/systemd/system)
install(FILES deploy/piste.conf DESTINATION /etc/piste)
install(PROGRAMS deploy/make-certificate.sh DESTINATION share/piste)
install(FILES README.md LICENSE THIRD_PARTY.md docs/security.md docs/protocol.md docs/scaling.md deploy/nginx.conf deploy/haproxy.cfg
  DESTINATION share/doc/piste)

set(CPACK_GENERATOR DEB)
set(CPACK_SET_DESTDIR ON)  # for what is outside /usr
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_NAME piste)
set(CPACK_PACKAGE_VENDOR Piste)
set(CPACK_PACKAGE_CONTACT "Piste maintainers <maintainers@piste.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "referee's second pair of eyes in fencing")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
  "Takes a fencing phrase from a camera while it is fenced, and the scoring box's log\n after it, and answers with who has right of way, and why.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION video)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${CMAKE_BINARY_DIR}/private_libraries)
set(CPACK_DEBIAN_PACKAGE_DEPENDS passwd)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS libpq5)  # for REFEREE_CLUSTER
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${PROJECT_SOURCE_DIR}/deploy/debian/postinst ${PROJECT_SOURCE_DIR}/deploy/debian/prerm
  ${PROJECT_SOURCE_DIR}/deploy/debian/postrm ${PROJECT_SOURCE_DIR}/deploy/debian/conffiles)
# Where the package's dependencies are looked up, the library that it brings is found under its own name.
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/private_libraries)
file(CREATE_LINK ${onnxruntime_file} ${CMAKE_BINARY_DIR}/private_libraries/libonnxruntime.so.1 SYMBOLIC)
include(CPack)
