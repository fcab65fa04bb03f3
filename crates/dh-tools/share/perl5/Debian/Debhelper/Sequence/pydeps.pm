# debhelper's sequence add-on of dh-pydeps: Build-Depends: dh-sequence-pydeps, or
# `dh $@ --with pydeps`. It has to work for compat 12 to 14, and whether it is loaded
# before or after the add-ons python3 and dwz.

use warnings;
use strict;
use Debian::Debhelper::Dh_Lib;

# Foreign ELF files are recorded before dh_python3 removes RECORD and renames libraries. Its
# add-on puts it directly before dh_installinit. If that was loaded already there is
# dh_python3 to be put before; if it comes later, dh_python3 gets in between.
insert_before('dh_python3', 'dh_pyelf_scan')
	or insert_before('dh_installinit', 'dh_pyelf_scan');

# After dh_python3 in either case: the trees are final then.
insert_after('dh_installinit', 'dh_pydeps');

# Options cannot be given by an add-on that is in Build-Depends-Arch or -Indep; debhelper
# says so at length, and then fails.
my $give_options = sub {
	my @command = @_;
	open(local *STDERR, '>', '/dev/null') or error("/dev/null: $!");
	return eval { add_command_options(@command); };
};

# dh_pydeps does what dh_python3 would guess. If both do, dpkg-gencontrol takes out the
# relations that are implied by others.
$give_options->('dh_python3', '--no-guessing-deps');

# The files are held from before the first tool that would change them (which of these is the
# first depends on the compat level) until the last one is done.
insert_before($_, 'dh_pyelf_hold') for qw(dh_strip_nondeterminism dh_dwz dh_strip);
insert_before('dh_installdeb', 'dh_pyelf_restore');
insert_before('dh_md5sums', 'dh_pyelf_check');

# Private trees that debian/PACKAGE.pyelf declares.
if (my @declared = grep { -f } glob('debian/*.pyelf debian/pyelf debian/*.pyelf.*')) {
	for my $command (qw(dh_python3 dh_strip_nondeterminism)) {
		open(my $out, '-|', 'dh_pyelf_scan', '--declared', "--print-options=$command")
			or error("cannot run dh_pyelf_scan: $!");
		chomp(my @options = <$out>);
		close($out) or error("dh_pyelf_scan cannot tell what @declared declare");
		next if not @options or $give_options->($command, @options);
		error("@declared declare private trees; move dh-sequence-pydeps to Build-Depends for that");
	}
}

1;
