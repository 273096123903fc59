# What only script/test --deep runs, in its sanitizer build: over the other builds that it has made.
set(builds ${PROJECT_SOURCE_DIR}/build)

# The threads, under the thread sanitizer.
pcapline_test(tsan ${here}/deep/threads ${builds}/tsan/bin)

# Each fuzz program for 20 s over its kept seeds.
file(GLOB fuzz_programs CONFIGURE_DEPENDS ${here}/fuzz/*.cpp)
foreach(program ${fuzz_programs})
  get_filename_component(program_name ${program} NAME_WE)
  pcapline_test(fuzz/${program_name} ${here}/deep/fuzz ${builds}/fuzz/bin/${program_name} ${here}/fuzz 20)
endforeach()

# The same answers as other tools; by the release build, for it is the long one.
pcapline_test(differential ${here}/differential/run --bin ${builds}/release/bin)
set_tests_properties(differential PROPERTIES TIMEOUT 1500)

pcapline_test(style/clang-tidy ${here}/deep/tidy ${builds}/fuzz)
set_tests_properties(style/clang-tidy PROPERTIES TIMEOUT 900)

# Which lines the tests run, by a build that counts them.
pcapline_test(coverage ${here}/deep/coverage ${builds}/coverage)
