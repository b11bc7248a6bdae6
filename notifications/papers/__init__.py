"""Papers that an office signs or lays on the table: Word documents in the form of Decree 30/2020/NĐ-CP, and sheets."""
